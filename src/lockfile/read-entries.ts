/** The `packages` of versions 2 and 3 → entries. */

import type { LockedManifest, LockFlags } from '../model/lock-tree.ts';
import { isRecord } from '../model/manifest.ts';
import {
  FieldError,
  type Fields,
  readBundles,
  readOptionalPeers,
  readSpecs,
  readSwitch,
  readText,
  readTextOrNone,
  readTexts,
  readWorkspaces,
} from './entry-fields.ts';
import { type LockEntry, nothingAsked, type Specs } from './lock-entry.ts';
import type { LockText } from './lock-text.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
/** Filled by key: most entries have eight of the thirty that there are. */
interface Draft
  extends Mutable<Pick<LockEntry, 'name' | 'version' | 'resolved' | 'integrity' | 'isLink' | 'accepted'>> {
  readonly manifest: Mutable<LockedManifest>;
  /** A bit for each that is set. */
  flags: number;
}

type Reader = (draft: Draft, fields: Fields, key: string) => void;

const flagNames = ['dev', 'optional', 'devOptional', 'peer', 'hasInstallScript', 'hasShrinkwrap'] as const;
/** What npm 12 writes in version 4 only, and would obey in any: contents and dependencies that no registry has. */
const repairs = [
  'patched',
  'packageExtensionsApplied',
  'npmExtensionApplied',
  'packageExtensionsHash',
  'npmExtensionHash',
];
const specFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** All that is read of an entry; what is left of it is for people. `bin` and what is bundled depend on other fields. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['name', (draft, fields) => (draft.name = readText(fields, 'name'))],
  ['version', (draft, fields) => (draft.version = readText(fields, 'version'))],
  ['resolved', (draft, fields) => (draft.resolved = readTextOrNone(fields, 'resolved'))],
  ['integrity', (draft, fields) => (draft.integrity = readTextOrNone(fields, 'integrity'))],
  ['link', (draft, fields) => (draft.isLink = readSwitch(fields, 'link') === true)],
  ['acceptDependencies', (draft, fields) => (draft.accepted = readSpecs(fields, 'acceptDependencies'))],
  ['peerDependenciesMeta', ({ manifest }, fields) => (manifest.optionalPeers = readOptionalPeers(fields))],
  ['workspaces', ({ manifest }, fields) => (manifest.workspaces = readWorkspaces(fields))],
  ['os', ({ manifest }, fields) => (manifest.os = readTexts(fields, 'os'))],
  ['cpu', ({ manifest }, fields) => (manifest.cpu = readTexts(fields, 'cpu'))],
  ['deprecated', ({ manifest }, fields) => (manifest.deprecated = readDeprecated(fields))],
  ...specFields.map((key): [string, Reader] => [
    key,
    ({ manifest }, fields) => (manifest[key] = readSpecs(fields, key)),
  ]),
  ...flagNames.map((key, bit): [string, Reader] => [
    key,
    (draft, fields) => (draft.flags |= readSwitch(fields, key) === true ? 1 << bit : 0),
  ]),
  ...repairs.map((repair): [string, Reader] => [
    repair,
    (_, fields, key) => {
      throw new FieldError(key, 'left to version 4 of the format', fields[key]);
    },
  ]),
]);

export function readEntries(packages: Fields, lock: LockText): readonly LockEntry[] {
  const entries: LockEntry[] = [];
  for (const location in packages) {
    const fields = packages[location];
    if (!isRecord(fields)) return lock.refuse('packages', location, 'must be an object');
    try {
      entries.push(readEntry(location, fields));
    } catch (error) {
      return lock.refuseField('packages', location, error);
    }
  }
  return entries;
}

function readEntry(location: string, fields: Fields): LockEntry {
  const draft: Draft = {
    name: undefined,
    version: undefined,
    resolved: undefined,
    integrity: undefined,
    isLink: false,
    accepted: undefined,
    flags: 0,
    manifest: {
      dependencies: undefined,
      devDependencies: undefined,
      optionalDependencies: undefined,
      peerDependencies: undefined,
      optionalPeers: nothingAsked.optionalPeers,
      workspaces: undefined,
      bin: undefined,
      os: undefined,
      cpu: undefined,
      deprecated: undefined,
    },
  };
  for (const key in fields) readers.get(key)?.(draft, fields, key);
  const { name, version, resolved, integrity, isLink, accepted, manifest } = draft;
  manifest.bin = readBin(fields, name ?? location);
  return {
    location,
    place: location,
    name,
    version,
    resolved,
    integrity,
    isLink,
    flags: flagsOf(draft.flags),
    manifest,
    asked: manifest,
    accepted,
    bundles: readBundles(fields, manifest.dependencies),
    isMarkedBundled: false,
  };
}

const knownFlags: LockFlags[] = [];

/** One object for all entries that have the same. */
function flagsOf(bits: number): LockFlags {
  const has = (name: (typeof flagNames)[number]): boolean => (bits & (1 << flagNames.indexOf(name))) !== 0;
  knownFlags[bits] ??= {
    dev: has('dev'),
    optional: has('optional'),
    devOptional: has('devOptional'),
    peer: has('peer'),
    hasInstallScript: has('hasInstallScript'),
    hasShrinkwrap: has('hasShrinkwrap'),
  };
  return knownFlags[bits];
}

/** npm copies `bin` as it was published: one path stands for a command of the package's own name, a list for the files'. */
function readBin(fields: Fields, name: string): Specs | undefined {
  const bin = fields['bin'];
  if (typeof bin === 'string') return { [lastPart(name)]: bin };
  if (!Array.isArray(bin)) return readSpecs(fields, 'bin');
  return Object.fromEntries((readTexts(fields, 'bin') ?? []).map((path) => [lastPart(path), path]));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Registries hold `true` and empty texts besides messages. */
function readDeprecated(fields: Fields): string | undefined {
  const value = fields['deprecated'];
  if (value === true) return 'deprecated';
  return value === false || value === '' ? undefined : readText(fields, 'deprecated');
}
