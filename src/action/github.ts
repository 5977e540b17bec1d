/**
 * The one way to GitHub's API: trees and blobs by their digest, pull requests and comments.
 * Requests are repeated when GitHub fails, and wait when it asks for patience; never longer than a minute.
 */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { GuardError } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';
import type { NeutralCheck } from './write-neutral-check.ts';

export interface GithubPlace {
  /** GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly token: string;
  readonly version: string;
}

export interface Blob {
  /** From the root of the repository. */
  readonly path: string;
  readonly sha: string;
  readonly bytes: number;
  /** A symbolic link: npm follows it, we do not. */
  readonly isLink: boolean;
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
}

export interface Github {
  findCommit(ref: string): Promise<string>;
  findMergeBase(base: string, head: string): Promise<string>;
  listFiles(commit: string): Promise<ReadonlyMap<string, Blob>>;
  readBlob(blob: Blob): Promise<string>;
  /** Pull requests of this repository, open, whose head is this commit. */
  listPulls(head: string): Promise<readonly Pull[]>;
  findOwnLogin(): Promise<string | undefined>;
  /** Oldest first, until one is the wanted one. */
  findComment(pull: number, isWanted: (comment: Comment) => boolean): Promise<Comment | undefined>;
  createComment(pull: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
  createNeutralCheck(check: NeutralCheck): Promise<void>;
}

export interface Pull {
  readonly number: number;
  readonly base: string;
}

const maxWaitSeconds = 60;
const maxRepeats = 2;
const timeoutMs = 60_000;
const maxPages = 50;

export function connectGithub({ apiUrl, owner, repo, token, version }: GithubPlace): Github {
  const isWorthWaiting = (...[seconds, , , repeats]: readonly [number, object, unknown, number]): boolean =>
    seconds <= maxWaitSeconds && repeats < maxRepeats;
  const octokit = new (Octokit.plugin(retry, throttling, paginateRest))({
    auth: token,
    baseUrl: apiUrl,
    userAgent: `sluice/${version}`,
    // Nothing but our own sentences may reach the log.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    throttle: { onRateLimit: isWorthWaiting, onSecondaryRateLimit: isWorthWaiting },
    request: {
      fetch: (url: string, options: RequestInit) => fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) }),
    },
  });
  const place = { owner, repo };
  return {
    findCommit: async (ref) =>
      isCommit(ref)
        ? ref
        : tell(`the commit ${ref}`, async () => {
            const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}', {
              ...place,
              ref,
              per_page: 1,
              page: 2,
            });
            return data.sha;
          }),
    findMergeBase: (base, head) =>
      tell(`where ${base.slice(0, 7)} and ${head.slice(0, 7)} parted`, async () => {
        // The changed files stand on the first page only, and nobody needs them here.
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
          ...place,
          basehead: `${base}...${head}`,
          per_page: 1,
          page: 2,
        });
        return data.merge_base_commit.sha;
      }),
    listFiles: (commit) => tell(`the files of commit ${commit.slice(0, 7)}`, () => listTree(octokit, place, commit)),
    readBlob: ({ path, sha }) =>
      tell(`the file ${path}`, async () => {
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
          ...place,
          file_sha: sha,
        });
        return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8').toString('utf8');
      }),
    listPulls: (head) =>
      tell(`the pull requests of commit ${head.slice(0, 7)}`, async () => {
        const pulls = await octokit.paginate('GET /repos/{owner}/{repo}/pulls', {
          ...place,
          state: 'open',
          per_page: 100,
        });
        return pulls.filter((pull) => pull.head.sha === head).map(({ number, base }) => ({ number, base: base.sha }));
      }),
    findOwnLogin: async () => {
      const answer: unknown = await octokit.graphql('{ viewer { login } }');
      const viewer = isRecord(answer) ? answer['viewer'] : undefined;
      return isRecord(viewer) && typeof viewer['login'] === 'string' ? viewer['login'] : undefined;
    },
    findComment: async (pull, isWanted) => {
      const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
      let pages = 0;
      for await (const { data } of octokit.paginate.iterator(route, { ...place, issue_number: pull, per_page: 100 })) {
        const found = data
          .map(({ id, user, body }): Comment => ({ id: Number(id), author: user?.login ?? '', body: body ?? '' }))
          .find(isWanted);
        if (found !== undefined || ++pages === maxPages) return found;
      }
      return undefined;
    },
    createComment: async (pull, body) => {
      await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...place,
        issue_number: pull,
        body,
        ...once,
      });
    },
    updateComment: async (id, body) => {
      await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...place,
        comment_id: id,
        body,
      });
    },
    createNeutralCheck: async ({ commit, title, markdown }) => {
      await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...place,
        name: 'Sluice',
        head_sha: commit,
        status: 'completed',
        conclusion: 'neutral',
        output: { title, summary: markdown },
        ...once,
      });
    },
  };
}

type Connection = Octokit;

function isCommit(ref: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref);
}

/** What was written although GitHub said it failed must not be written again. */
const once = { request: { retries: 0 } };

/** One request, unless the tree is too large for one: then its folders are asked for one by one. */
async function listTree(
  octokit: Connection,
  place: { readonly owner: string; readonly repo: string },
  commit: string,
): Promise<ReadonlyMap<string, Blob>> {
  const files = new Map<string, Blob>();
  let requests = 0;
  const load = async (sha: string, folder: string): Promise<void> => {
    requests += 1;
    if (requests > maxTreeRequests) {
      throw new GuardError('github-failed', `Commit ${commit.slice(0, 7)} has more files than can be listed.`);
    }
    const ask = (recursive: boolean) =>
      octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...place,
        tree_sha: sha,
        ...(recursive ? { recursive: '1' } : {}),
      });
    const whole = (await ask(true)).data;
    const { tree } = whole.truncated ? (await ask(false)).data : whole;
    for (const { path, mode, type, sha: digest, size } of tree) {
      const where = folder === '' ? path : `${folder}/${path}`;
      if (type === 'blob') {
        files.set(where, { path: where, sha: digest, bytes: size ?? 0, isLink: mode === '120000' });
      } else if (whole.truncated && type === 'tree' && path !== 'node_modules') await load(digest, where);
    }
  };
  await load(commit, '');
  return files;
}

const maxTreeRequests = 500;

/** @param what What was asked for, for the sentence. */
async function tell<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof GuardError) throw cause;
    throw new GuardError('github-failed', `GitHub did not give ${what} (${describeFailure(cause)}).`, { cause });
  }
}

/** The status, or what the network said: never the request, which carries the token. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  return status === undefined ? error.message : `HTTP ${status}`;
}
