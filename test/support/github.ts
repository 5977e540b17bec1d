/**
 * A little GitHub on loopback that keeps state: commits with files and a parent, pull requests, comments on pages.
 * It fails on demand, and remembers what it was asked.
 */
import { createHash } from 'node:crypto';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

export interface GithubComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** As it was posted. */
export interface GithubCheck {
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string;
  readonly output: { readonly title: string; readonly summary: string };
}

export interface GithubFault {
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LittleGithub {
  /** Without a slash at its end, as GITHUB_API_URL is. */
  readonly url: string;
  /** `GET /repos/octo/app/…`, oldest first. */
  readonly requests: readonly string[];
  /** Those on pull request 7. */
  readonly comments: readonly GithubComment[];
  /** Check runs, oldest first. */
  readonly checks: readonly GithubCheck[];
  readonly pulls: { number: number; head: string; base: string }[];
  /** A recursive listing of more files than this is cut, and says so. */
  readonly limits: { maxTreeEntries: number };
  /**
   * Puts a commit on top of another; undefined takes a file of the parent away, and `-> path` makes a link.
   * Returns its digest.
   */
  commit(files: Readonly<Record<string, string | undefined>>, parent?: string): string;
  comment(login: string, body: string): void;
  /** Requests that begin so (`POST /repos`) fail, so many times. */
  fail(start: string, fault: GithubFault, times?: number): void;
  close(): Promise<void>;
}

interface Commit {
  readonly files: ReadonlyMap<string, string>;
  readonly parent: string | undefined;
}

export const githubToken = 'ghs_littleSecretOfTheTests';

export async function startGithub(): Promise<LittleGithub> {
  const commits = new Map<string, Commit>();
  const blobs = new Map<string, string>();
  const folders = new Map<string, ReadonlyMap<string, string>>();
  const limits = { maxTreeEntries: Number.POSITIVE_INFINITY };
  const comments: GithubComment[] = [];
  const checks: GithubCheck[] = [];
  const pulls: LittleGithub['pulls'] = [];
  const requests: string[] = [];
  const faults: { start: string; fault: GithubFault; left: number }[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (request, reply) => {
    const line = `${request.method} ${decodeURIComponent(request.url)}`;
    requests.push(line);
    const found = faults.find(({ start, left }) => left > 0 && line.startsWith(start));
    if (found !== undefined) {
      found.left -= 1;
      const { status, message = 'fault', headers = {} } = found.fault;
      return reply.code(status).headers(headers).send({ message });
    }
    if (request.headers.authorization !== `token ${githubToken}`)
      return reply.code(401).send({ message: 'Bad credentials' });
    return undefined;
  });
  const repo = '/repos/octo/app';
  app.get(`${repo}/commits/:ref`, (request, reply) => {
    const { ref = '' } = paramsOf(request);
    return commits.has(ref) ? { sha: ref } : absent(reply);
  });
  app.get(`${repo}/compare/:basehead`, (request, reply) => {
    const [base = '', head = ''] = (paramsOf(request)['basehead'] ?? '').split('...');
    const ancestors = listAncestors(commits, base);
    const sha = [...listAncestors(commits, head)].find((one) => ancestors.has(one));
    return sha === undefined ? absent(reply) : { merge_base_commit: { sha } };
  });
  app.get(`${repo}/git/trees/:sha`, (request, reply) => {
    const { sha = '' } = paramsOf(request);
    const files = commits.get(sha)?.files ?? folders.get(sha);
    if (files === undefined) return absent(reply);
    if (queryOf(request)['recursive'] === undefined) return { sha, tree: listFolder(files, folders), truncated: false };
    const tree = [...files].map(([path, text]) => describeFile(path, text));
    return { sha, tree: tree.slice(0, limits.maxTreeEntries), truncated: tree.length > limits.maxTreeEntries };
  });
  app.get(`${repo}/git/blobs/:sha`, (request, reply) => {
    const text = blobs.get(paramsOf(request)['sha'] ?? '');
    return text === undefined ? absent(reply) : { content: wrap(text), encoding: 'base64' };
  });
  app.get(`${repo}/pulls`, () =>
    pulls.map(({ number, head, base }) => ({ number, head: { sha: head }, base: { sha: base } })),
  );
  app.get(`${repo}/issues/7/comments`, (request, reply) => {
    const { page = '1', per_page = '30' } = queryOf(request);
    const [at, size] = [Number(page), Number(per_page)];
    if (at * size < comments.length) {
      reply.header('link', `<${url}${repo}/issues/7/comments?per_page=${size}&page=${at + 1}>; rel="next"`);
    }
    return comments.slice((at - 1) * size, at * size);
  });
  const write = (login: string, body: string): GithubComment => {
    const comment = { id: comments.length + 1, body, user: { login } };
    comments.push(comment);
    return comment;
  };
  app.post(`${repo}/issues/7/comments`, (request, reply) => {
    const body = bodyOf(request);
    if (body.length > 65_536) return reply.code(422).send({ message: 'Body is too long' });
    return reply.code(201).send(write('github-actions[bot]', body));
  });
  app.patch(`${repo}/issues/comments/:id`, (request, reply) => {
    const comment = comments.find(({ id }) => id === Number(paramsOf(request)['id']));
    if (comment === undefined) return absent(reply);
    comment.body = bodyOf(request);
    return comment;
  });
  app.post(`${repo}/check-runs`, (request, reply) => {
    // Safe: the tests read what the Action sent, and fail where it is otherwise.
    const check = request.body as GithubCheck;
    if (check.output.summary.length > 65_535) return reply.code(422).send({ message: 'summary is too long' });
    checks.push(check);
    return reply.code(201).send({ id: checks.length });
  });
  app.post('/graphql', () => ({ data: { viewer: { login: 'github-actions[bot]' } } }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    requests,
    comments,
    checks,
    pulls,
    limits,
    commit: (changes, parent) => {
      const files = new Map(parent === undefined ? [] : commits.get(parent)?.files);
      for (const [path, text] of Object.entries(changes)) {
        if (text === undefined) files.delete(path);
        else {
          files.set(path, text);
          blobs.set(digest(text), text);
        }
      }
      const sha = digest(JSON.stringify([parent, ...files]));
      commits.set(sha, { files, parent });
      return sha;
    },
    comment: write,
    fail: (start, fault, times = Number.POSITIVE_INFINITY) => {
      faults.push({ start, fault, left: times });
    },
    close: () => app.close(),
  };
}

/** What stands in a folder itself; the folders in it can be asked for by their digest then. */
function listFolder(files: ReadonlyMap<string, string>, folders: Map<string, ReadonlyMap<string, string>>): unknown[] {
  const inner = new Map<string, Map<string, string>>();
  const tree: unknown[] = [];
  for (const [path, text] of files) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) tree.push(describeFile(name, text));
    else inner.set(name, (inner.get(name) ?? new Map<string, string>()).set(rest.join('/'), text));
  }
  for (const [path, content] of inner) {
    const sha = digest(JSON.stringify([...content]));
    folders.set(sha, content);
    tree.push({ path, mode: '040000', type: 'tree', sha });
  }
  return tree;
}

function describeFile(path: string, text: string): unknown {
  return {
    path,
    mode: text.startsWith('-> ') ? '120000' : '100644',
    type: 'blob',
    sha: digest(text),
    size: Buffer.byteLength(text),
  };
}

function listAncestors(commits: ReadonlyMap<string, Commit>, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at: string | undefined = start; at !== undefined && commits.has(at); at = commits.get(at)?.parent)
    found.add(at);
  return found;
}

/** GitHub breaks its base64 into lines. */
function wrap(text: string): string {
  return Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n');
}

function digest(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

function absent(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ message: 'Not Found' });
}

// Safe: fastify parsed them from the request's line, where every value is text.
function paramsOf({ params }: FastifyRequest): Readonly<Record<string, string>> {
  return params as Record<string, string>;
}

function queryOf({ query }: FastifyRequest): Readonly<Record<string, string>> {
  return query as Record<string, string>;
}

function bodyOf({ body }: FastifyRequest): string {
  const text: unknown = typeof body === 'object' && body !== null && 'body' in body ? body.body : undefined;
  if (typeof text !== 'string') throw new Error('a comment without a body');
  return text;
}
