/** What GitHub's event asks to be compared. The payload is GitHub's, but names in it are chosen by whoever made the pull request. */
import { GuardError } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';

export type Occasion =
  /** What a branch adds to another: compared with the place where they parted. */
  | { readonly kind: 'branch'; readonly base: string; readonly head: string; readonly pull: number | undefined }
  /** Two states of one branch. */
  | { readonly kind: 'step'; readonly base: string; readonly head: string }
  /** The event names a commit only; its pull request has to be looked for. */
  | { readonly kind: 'unknown-pull'; readonly head: string }
  | { readonly kind: 'whole'; readonly head: string }
  | { readonly kind: 'nothing'; readonly why: string };

export interface EventSource {
  /** GITHUB_EVENT_NAME. */
  readonly name: string;
  /** GITHUB_SHA. */
  readonly sha: string;
  /** The text of GITHUB_EVENT_PATH. */
  readonly text: string;
}

export function readEvent({ name, sha, text }: EventSource): Occasion {
  const read = readers[name];
  if (read === undefined) {
    const names = Object.keys(readers).join(', ');
    throw new GuardError(
      'input-invalid',
      `Sluice does not know what to compare on the event ${name}; it runs on ${names}.`,
    );
  }
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (cause) {
    throw new GuardError('input-invalid', `The payload of the event ${name} is no JSON.`, { cause });
  }
  return read(new Payload(payload, name), sha);
}

const readers: Readonly<Record<string, (payload: Payload, sha: string) => Occasion>> = {
  pull_request: readPullRequest,
  pull_request_target: readPullRequest,
  merge_group: (payload) => ({
    kind: 'step',
    base: payload.commit('merge_group', 'base_sha'),
    head: payload.commit('merge_group', 'head_sha'),
  }),
  push: readPush,
  workflow_run: readWorkflowRun,
  schedule: (_, sha) => ({ kind: 'whole', head: sha }),
  workflow_dispatch: (_, sha) => ({ kind: 'whole', head: sha }),
};

function readPullRequest(payload: Payload): Occasion {
  return {
    kind: 'branch',
    base: payload.commit('pull_request', 'base', 'sha'),
    head: payload.commit('pull_request', 'head', 'sha'),
    pull: payload.count('pull_request', 'number'),
  };
}

/** Git's name for "no commit". */
const noCommit = /^0+$/;

function readPush(payload: Payload): Occasion {
  const [base, head] = [payload.commit('before'), payload.commit('after')];
  if (noCommit.test(head)) return { kind: 'nothing', why: 'The branch was deleted' };
  if (!noCommit.test(base)) return { kind: 'step', base, head };
  const main = payload.find('repository', 'default_branch');
  if (typeof main !== 'string' || payload.find('ref') === `refs/heads/${main}`) return { kind: 'whole', head };
  return { kind: 'branch', base: main, head, pull: undefined };
}

/** A run for a fork lists no pull requests; one for a branch of the repository does. */
function readWorkflowRun(payload: Payload): Occasion {
  const head = payload.commit('workflow_run', 'head_sha');
  const event = payload.find('workflow_run', 'event');
  if (event === 'pull_request' || event === 'pull_request_target') return { kind: 'unknown-pull', head };
  return { kind: 'nothing', why: 'The run that this one follows was not for a pull request' };
}

class Payload {
  readonly #payload: unknown;
  readonly #event: string;

  constructor(payload: unknown, event: string) {
    this.#payload = payload;
    this.#event = event;
  }

  find(...path: readonly string[]): unknown {
    return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), this.#payload);
  }

  commit(...path: readonly string[]): string {
    const value = this.find(...path);
    if (typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value)) return value;
    return this.#refuse(path, 'commit');
  }

  count(...path: readonly string[]): number {
    const value = this.find(...path);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    return this.#refuse(path, 'number');
  }

  #refuse(path: readonly string[], what: string): never {
    const where = path.join('.');
    throw new GuardError('input-invalid', `The payload of the event ${this.#event} has no ${what} at ${where}.`);
  }
}
