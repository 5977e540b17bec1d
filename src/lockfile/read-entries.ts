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
import type { LockEntry, Specs } from './lock-entry.ts';
import type { LockText } from './lock-text.ts';

/** What npm 12 writes in version 4 only, and would obey in any: contents and dependencies that no registry has. */
const repairs = [
  'patched',
  'packageExtensionsApplied',
  'npmExtensionApplied',
  'packageExtensionsHash',
  'npmExtensionHash',
];

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
  for (const key of repairs) {
    if (fields[key] !== undefined) throw new FieldError(key, 'left to version 4 of the format', fields[key]);
  }
  const name = readText(fields, 'name');
  const manifest = readManifest(fields, name ?? location);
  return {
    location,
    place: location,
    name,
    version: readText(fields, 'version'),
    resolved: readTextOrNone(fields, 'resolved'),
    integrity: readTextOrNone(fields, 'integrity'),
    isLink: readSwitch(fields, 'link') === true,
    flags: readFlags(fields, readSwitch(fields, 'hasInstallScript') === true),
    manifest,
    asked: manifest,
    accepted: readSpecs(fields, 'acceptDependencies'),
    bundles: readBundles(fields, manifest.dependencies),
    isMarkedBundled: false,
  };
}

function readManifest(fields: Fields, name: string): LockedManifest {
  return {
    dependencies: readSpecs(fields, 'dependencies'),
    devDependencies: readSpecs(fields, 'devDependencies'),
    optionalDependencies: readSpecs(fields, 'optionalDependencies'),
    peerDependencies: readSpecs(fields, 'peerDependencies'),
    optionalPeers: readOptionalPeers(fields),
    workspaces: readWorkspaces(fields),
    bin: readBin(fields, name),
    os: readTexts(fields, 'os'),
    cpu: readTexts(fields, 'cpu'),
    deprecated: readDeprecated(fields),
  };
}

export function readFlags(fields: Fields, hasInstallScript: boolean | undefined): LockFlags {
  const dev = readSwitch(fields, 'dev') === true;
  const optional = readSwitch(fields, 'optional') === true;
  const devOptional = readSwitch(fields, 'devOptional') === true;
  const peer = readSwitch(fields, 'peer') === true;
  const hasShrinkwrap = readSwitch(fields, 'hasShrinkwrap') === true;
  return { dev, optional, devOptional, peer, hasInstallScript, hasShrinkwrap };
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
