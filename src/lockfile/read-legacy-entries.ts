/**
 * The nested `dependencies` of version 1 → entries as npm 7 and later make them of it. There, `version` may also be an
 * alias, a URL or a path, and only flags tell what is optional.
 */

import type { LockFlags } from '../model/lock-tree.ts';
import { type Fields, readFields, readSpecs, readSwitch, readText, readTextOrNone } from './entry-fields.ts';
import { findLegacyOrigin } from './find-legacy-origin.ts';
import { type Asked, type LockEntry, nothingAsked, type Specs } from './lock-entry.ts';
import type { LockText } from './lock-text.ts';
import { findFolder } from './parse-location.ts';

interface LegacyPackage {
  readonly location: string;
  readonly place: string;
  readonly key: string;
  readonly fields: Fields;
}

interface Reading {
  readonly entries: Map<string, LockEntry>;
  readonly lock: LockText;
}

/** Without the root, of which version 1 has nothing to say. */
export function readLegacyEntries(document: Fields, lock: LockText): readonly LockEntry[] {
  const entries = new Map<string, LockEntry>();
  readChildren({ location: '', place: '', key: '', fields: document }, { entries, lock });
  const modules = groupByFolder(entries.values());
  return [...entries.values()].map((entry) => ({ ...entry, asked: findAsked(entry, modules) }));
}

/** What lies in the `node_modules` of each folder, by name. */
type Modules = ReadonlyMap<string, ReadonlyMap<string, LockEntry>>;

function groupByFolder(entries: Iterable<LockEntry>): Modules {
  const modules = new Map<string, Map<string, LockEntry>>();
  for (const entry of entries) {
    const { location } = entry;
    const at = location.lastIndexOf('node_modules/');
    if (at === -1) continue;
    const folder = location.slice(0, Math.max(0, at - 1));
    const inside = modules.get(folder) ?? new Map<string, LockEntry>();
    modules.set(folder, inside.set(location.slice(at + 'node_modules/'.length), entry));
  }
  return modules;
}

/** Calls itself as deep as the document is, which has a limit. */
function readChildren({ location, place, fields }: LegacyPackage, reading: Reading): void {
  const { lock } = reading;
  const children = attempt(lock, place, () => readFields(fields, 'dependencies'));
  for (const key in children) {
    const child = { key, location: joinModule(location, key), place: joinModule(place, key) };
    const childFields = attempt(lock, child.place, () => readFields(children, key)) ?? {};
    const entry = keepPackage({ ...child, fields: childFields }, reading);
    // What is nested in a link lies in the folder that it leads to.
    const inside = entry.isLink ? (entry.resolved ?? '') : entry.location;
    readChildren({ ...child, location: inside, fields: childFields }, reading);
  }
}

function attempt<T>(lock: LockText, place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return lock.refuseField('dependencies', place, error);
  }
}

function joinModule(location: string, key: string): string {
  return location === '' ? `node_modules/${key}` : `${location}/node_modules/${key}`;
}

function keepPackage(legacy: LegacyPackage, { entries, lock }: Reading): LockEntry {
  const { location, place } = legacy;
  const entry = attempt(lock, place, () => readPackage(legacy));
  if (entries.has(location)) lock.refuse('dependencies', place, 'is in the tree twice');
  entries.set(location, entry);
  const { isLink, resolved } = entry;
  if (isLink && resolved !== undefined && resolved !== '' && !entries.has(resolved)) {
    // Nothing says which version lies in the folder.
    entries.set(resolved, { ...entry, location: resolved, isLink: false, resolved: undefined });
  }
  return entry;
}

function readPackage({ location, place, key, fields }: LegacyPackage): LockEntry {
  const integrity = readTextOrNone(fields, 'integrity');
  const { name, version, resolved, isLink } = findLegacyOrigin(key, {
    version: readText(fields, 'version'),
    resolved: readTextOrNone(fields, 'resolved'),
    from: readText(fields, 'from'),
    integrity,
  });
  const requires = typeof fields['requires'] === 'boolean' ? undefined : readSpecs(fields, 'requires');
  return {
    location,
    place,
    name,
    version,
    resolved,
    integrity: isLink ? undefined : integrity,
    isLink,
    flags: readFlags(fields),
    manifest: {
      ...nothingAsked,
      dependencies: requires,
      workspaces: undefined,
      bin: undefined,
      os: undefined,
      cpu: undefined,
      deprecated: undefined,
    },
    asked: nothingAsked,
    accepted: undefined,
    bundles: [],
    isMarkedBundled: readSwitch(fields, 'bundled') === true,
  };
}

/** npm's approximation: what is optional, and asked for by something that is not, is asked for as optional. */
function findAsked({ location, flags, manifest }: LockEntry, modules: Modules): Asked {
  const requires = manifest.dependencies;
  if (requires === undefined) return nothingAsked;
  const reachable: ReadonlyMap<string, LockEntry>[] = [];
  for (let folder: string | undefined = location; folder !== undefined; folder = findFolder(folder)) {
    const inside = modules.get(folder);
    if (inside !== undefined) reachable.push(inside);
  }
  const kinds: Record<'dependencies' | 'devDependencies' | 'optionalDependencies', [string, string][]> = {
    dependencies: [],
    devDependencies: [],
    optionalDependencies: [],
  };
  for (const name in requires) {
    const answer = reachable.find((inside) => inside.has(name))?.get(name)?.flags;
    const isOptional = answer?.optional === true && !flags.optional;
    const isDev = !isOptional && answer?.dev === true && !flags.dev;
    kinds[isOptional ? 'optionalDependencies' : isDev ? 'devDependencies' : 'dependencies'].push([
      name,
      requires[name] ?? '',
    ]);
  }
  return {
    dependencies: toSpecs(kinds.dependencies),
    devDependencies: toSpecs(kinds.devDependencies),
    optionalDependencies: toSpecs(kinds.optionalDependencies),
    peerDependencies: undefined,
    optionalPeers: [],
  };
}

function toSpecs(pairs: readonly (readonly [string, string])[]): Specs {
  return Object.fromEntries(pairs);
}

function readFlags(fields: Fields): LockFlags {
  const dev = readSwitch(fields, 'dev') === true;
  const optional = readSwitch(fields, 'optional') === true;
  const devOptional = readSwitch(fields, 'devOptional') === true;
  const peer = readSwitch(fields, 'peer') === true;
  const hasShrinkwrap = readSwitch(fields, 'hasShrinkwrap') === true;
  return { dev, optional, devOptional, peer, hasInstallScript: undefined, hasShrinkwrap };
}
