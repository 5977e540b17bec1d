/** The event → two commits and their files: what was there, what is there now, and whose policy holds. */
import { GuardError } from '../errors.ts';
import type { Files } from './find-projects.ts';
import type { Github } from './github.ts';
import type { Occasion } from './read-event.ts';
import type { ActionInputs } from './read-inputs.ts';

export interface RepositoryChange {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot;
  /** Its policy and its npm configuration hold: a change must not write its own pass. */
  readonly trusted: Snapshot;
  readonly pull: number | undefined;
}

export interface Snapshot {
  readonly commit: string;
  readonly files: Files;
}

/** A sentence where the event leaves nothing to judge. */
export async function loadChange(
  github: Github,
  event: Occasion,
  inputs: Pick<ActionInputs, 'base' | 'head'>,
): Promise<RepositoryChange | string> {
  const occasion = await resolveOccasion(github, event, inputs);
  if (typeof occasion === 'string') return occasion;
  const snapshots = new Map<string, Promise<Files>>();
  const load = async (commit: string): Promise<Snapshot> => {
    const files = snapshots.get(commit) ?? github.listFiles(commit);
    snapshots.set(commit, files);
    return { commit, files: await files };
  };
  const { tip, parted, head, pull } = occasion;
  const [after, before, trusted] = await Promise.all([
    load(head),
    parted === undefined ? undefined : load(parted),
    load(tip ?? head),
  ]);
  return { before, after, trusted, pull };
}

interface Commits {
  readonly head: string;
  /** The base as it is now. */
  readonly tip: string | undefined;
  /** What to compare with. */
  readonly parted: string | undefined;
  readonly pull: number | undefined;
}

async function resolveOccasion(
  github: Github,
  event: Occasion,
  inputs: Pick<ActionInputs, 'base' | 'head'>,
): Promise<Commits | string> {
  const occasion = await applyInputs(github, await findPull(github, event), inputs);
  switch (occasion.kind) {
    case 'nothing':
      return occasion.why;
    case 'whole':
      return { head: occasion.head, tip: undefined, parted: undefined, pull: undefined };
    case 'step':
      return { head: occasion.head, tip: occasion.base, parted: occasion.base, pull: undefined };
    case 'branch': {
      const tip = await github.findCommit(occasion.base);
      const parted = await github.findMergeBase(tip, occasion.head);
      return { head: occasion.head, tip, parted, pull: occasion.pull };
    }
  }
}

type Found = Exclude<Occasion, { kind: 'unknown-pull' }>;

async function findPull(github: Github, event: Occasion): Promise<Found> {
  if (event.kind !== 'unknown-pull') return event;
  const [pull] = await github.listPulls(event.head);
  if (pull === undefined) {
    return { kind: 'nothing', why: `No open pull request has ${event.head.slice(0, 7)} as its head` };
  }
  return { kind: 'branch', base: pull.base, head: event.head, pull: pull.number };
}

/** What the workflow names takes the place of what the event says. */
async function applyInputs(
  github: Github,
  event: Found,
  { base, head }: Pick<ActionInputs, 'base' | 'head'>,
): Promise<Found> {
  if (base === undefined && head === undefined) return event;
  const to = head === undefined ? ('head' in event ? event.head : undefined) : await github.findCommit(head);
  if (to === undefined)
    throw new GuardError('input-invalid', 'The event names no commit to judge; name it with the input `head`.');
  const pull = event.kind === 'branch' && head === undefined ? event.pull : undefined;
  if (base !== undefined) return { kind: 'branch', base, head: to, pull };
  return event.kind === 'branch' || event.kind === 'step' ? { ...event, head: to } : { kind: 'whole', head: to };
}
