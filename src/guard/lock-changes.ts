/** Two states of a project → the changes that the pin and select rules are asked about, with all that needs no network. */
import { dirname } from 'node:path/posix';
import { compareLockTrees, type LockEntryDifference } from '../lockfile/compare-lock-trees.ts';
import { findGateEdits } from '../lockfile/find-gate-edits.ts';
import { findWhy, isDirect } from '../lockfile/find-why.ts';
import { isBelow } from '../lockfile/nearest-version.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { parseProjectManifest } from '../lockfile/parse-project-manifest.ts';
import { type Change, withoutLockFacts, withoutReleaseFacts } from '../model/change.ts';
import { known, missing } from '../model/fact.ts';
import type { EntryChange, ProjectChange, ProjectState } from '../model/lock-change.ts';
import type { LockNode, ProjectManifest } from '../model/lock-tree.ts';
import { findKeepable } from '../select/find-keepable.ts';
import { isAsked } from '../select/is-asked.ts';
import { isWorkspaceFolder, type ProjectFiles, readWorkspacePatterns } from './project-files.ts';

/** A lockfile's change, before the network is asked. */
export interface LockChanges {
  readonly project: Change;
  readonly entries: readonly EntryQuestion[];
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  readonly unchanged: number;
}

export interface EntryQuestion {
  readonly change: Change;
  readonly entry: EntryChange;
}

export interface LockQuestion {
  /** Undefined: the project is new, or is looked at without a base. */
  readonly before: ProjectFiles | undefined;
  readonly after: ProjectFiles;
  readonly registryHosts: readonly string[];
  /** ISO 8601. */
  readonly asOf: string;
  /** A digest of the lockfile's text, for the verdict's id. */
  readonly digest: (text: string) => string;
  /** What is looked at of packages that did not change: nothing, their entries, or their tarballs too. */
  readonly kept: 'nothing' | 'lockfile' | 'tarballs';
}

export function findLockChanges(question: LockQuestion): LockChanges {
  const { before, after, registryHosts, asOf, digest, kept } = question;
  const states = { before: before && readProjectState(before), after: readProjectState(after) };
  const lockfile = after.lockfile.path;
  const gateEdits = before === undefined ? [] : findGateEdits(before.files, after.files);
  const project: ProjectChange = { lockfile, ...states, gateEdits, registryHosts };
  const digestOf = (files: ProjectFiles | undefined): string | undefined =>
    files?.lockfile.text === undefined ? undefined : digest(files.lockfile.text);
  const root: Change = {
    subject: {
      name: states.after.manifests.get('')?.name ?? lockfile,
      from: undefined,
      to: states.after.manifests.get('')?.version ?? '',
      integrity: { from: digestOf(before), to: digestOf(after) },
      source: 'project',
    },
    asOf,
    facts: { ...withoutReleaseFacts, ...withoutLockFacts, project: known(project) },
  };
  const difference =
    states.after.tree === undefined
      ? { entries: [], removed: [], unchanged: 0 }
      : compareLockTrees(states.before?.tree, states.after.tree, { kept: kept !== 'nothing' });
  return {
    project: root,
    entries: difference.entries.map((one) => askAbout(one, project, asOf)),
    removed: difference.removed,
    unchanged: difference.unchanged,
  };
}

/** Parses everything; throws a GuardError that names file and line where something is no lockfile or no manifest. */
function readProjectState({ lockfile, files }: ProjectFiles): ProjectState {
  const folder = dirname(lockfile.path) === '.' ? '' : `${dirname(lockfile.path)}/`;
  const patterns = readWorkspacePatterns(files.get(`${folder}package.json`));
  const manifests = new Map<string, ProjectManifest>();
  for (const [path, text] of files) {
    if (!path.startsWith(folder) || !/(?:^|\/)package\.json$/.test(path)) continue;
    const inProject = path.slice(folder.length).replace(/\/?package\.json$/, '');
    if (inProject !== '' && !isWorkspaceFolder(inProject, patterns)) continue;
    manifests.set(inProject, parseProjectManifest(text, path, inProject));
  }
  const { path, text } = lockfile;
  return { tree: text === undefined ? undefined : parseLockfile({ path, text, manifests }), manifests };
}

function askAbout(
  { kind, before, after, baseVersions, from, to }: LockEntryDifference,
  project: ProjectChange,
  asOf: string,
): EntryQuestion {
  const [first] = after;
  if (first === undefined) throw new Error('a package without copies is no package of the tree');
  const entry: EntryChange = {
    kind,
    before,
    after,
    baseVersions,
    direct: after.some(isDirect),
    why: findWhy(first),
    keepable: findKeepableOf({ kind, after, baseVersions, to }),
    asked: isAsked(first, project),
    project,
  };
  const change: Change = {
    subject: {
      name: first.name,
      from,
      to,
      integrity: { from: before[0]?.integrity, to: first.integrity },
      source: 'lockfile',
    },
    asOf,
    facts: { ...withoutReleaseFacts, ...withoutLockFacts, ...unasked(first), entry: known(entry) },
  };
  return { change, entry };
}

/** After a step back only a version above counts: one below would be a longer step. */
function findKeepableOf({
  kind,
  after,
  baseVersions,
  to,
}: Pick<LockEntryDifference, 'kind' | 'after' | 'baseVersions' | 'to'>): string | undefined {
  if (kind === 'added' || kind === 'kept') return undefined;
  const worthy = kind === 'downgraded' ? baseVersions.filter((version) => isBelow(to, version)) : baseVersions;
  return findKeepable(after, worthy);
}

/** A registry serves the tarball: what comes from elsewhere has no packument to be compared with. */
export function isFromRegistry(node: LockNode): boolean {
  return node.source === 'registry';
}

/** What the registry has not been asked yet. */
function unasked(node: LockNode): Partial<Change['facts']> {
  if (!isFromRegistry(node)) return {};
  const later = missing('not-consulted', 'No registry has been asked yet.');
  return {
    published: later,
    bounds: later,
    tested: later,
    advisories: later,
    deprecation: later,
    tarballAnswer: later,
    publishTimes: later,
  };
}
