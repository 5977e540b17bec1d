/**
 * A registry and a project in a few words, and the files that npm would write for them. Used by tests of everything
 * that reads a lockfile. Registry: `a@1.2.0 2022-01-08: c@^1 ?e@1 peer:f@^2 peer?:g@3`. Asks: `a@^1 dev:b@2 c@npm:d@^3`.
 * Tree: `a@1.2.0 a/c@2.0.0 c@npm:d@3.0.0`. What holds a space stands in quotes: `"a@>=1 <3"`.
 */
import { createHash } from 'node:crypto';
import type { PublishTimes } from '../../src/model/change.ts';
import type { PublishedRelease } from '../../src/model/lock-change.ts';
import type { LockExampleState } from '../../src/rule.ts';
import { type Placed, placeFlags } from './lock-flags.ts';

export interface NotedRelease extends NotedDependencies {
  readonly name: string;
  readonly version: string;
  /** ISO 8601 instant; a day alone means its first moment, UTC. */
  readonly publishedAt: string | undefined;
}

export interface NotedDependencies {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly optionalPeers: readonly string[];
}

/** By name, in the order of the lines. */
export type NotedRegistry = ReadonlyMap<string, readonly NotedRelease[]>;

export interface NotedProject extends Pick<LockExampleState, 'asks' | 'tree' | 'manifest' | 'entries'> {
  readonly registry: NotedRegistry;
}

export function parseRegistryNotation(lines: readonly string[]): NotedRegistry {
  const registry = new Map<string, NotedRelease[]>();
  for (const line of lines) {
    const release = parseRelease(line);
    const releases = registry.get(release.name) ?? [];
    if (releases.some(({ version }) => version === release.version)) {
      throw new Error(`${release.name}@${release.version} is published twice`);
    }
    registry.set(release.name, [...releases, release]);
  }
  return registry;
}

/** A version 3 lockfile and the root's package.json, as npm writes them. */
export function writeLockfile(project: NotedProject): { readonly lockfile: string; readonly manifest: string } {
  const asks = parseDependencies(splitTokens(project.asks));
  const root = { name: 'app', version: '1.0.0', ...withoutEmpty(asks), ...project.manifest };
  const placed = new Map<string, Placed>([['', { ...asks, entry: lockedRoot(root) }]]);
  for (const token of splitTokens(project.tree)) {
    const { location, key, name, version } = parseCopy(token);
    const release = findRelease(project.registry, name, version);
    if (placed.has(location)) throw new Error(`two copies at ${location}`);
    placed.set(location, { ...release, entry: { ...(name === key ? {} : { name }), ...lockedEntry(release) } });
  }
  placeFlags(placed);
  const packages = new Map([...placed].map(([location, { entry }]) => [location, objectsLast(entry)]));
  for (const [location, changes] of Object.entries(project.entries ?? {})) {
    if (changes === null) packages.delete(location);
    else packages.set(location, withoutNulls({ ...packages.get(location), ...changes }));
  }
  const sorted = [...packages].toSorted(([left], [right]) => left.localeCompare(right, 'en'));
  const { name, version } = root;
  const lockfile = { name, version, lockfileVersion: 3, requires: true, packages: Object.fromEntries(sorted) };
  return { lockfile: toJson(lockfile), manifest: toJson(root) };
}

/** What a registry would serve as the package's document. */
export function packumentOf(registry: NotedRegistry, name: string): Readonly<Record<string, unknown>> {
  const releases = registry.get(name) ?? [];
  const times = releases.flatMap(({ version, publishedAt }) =>
    publishedAt === undefined ? [] : [[version, publishedAt]],
  );
  const first = times.map(([, time]) => time).toSorted()[0];
  return {
    name,
    'dist-tags': { latest: releases.at(-1)?.version },
    versions: Object.fromEntries(releases.map((release) => [release.version, manifestOf(release)])),
    ...(first === undefined ? {} : { time: { created: first, modified: first, ...Object.fromEntries(times) } }),
  };
}

export function publishedOf(registry: NotedRegistry, name: string, version: string): PublishedRelease {
  const { dependencies, optionalDependencies, peerDependencies, optionalPeers } = findRelease(registry, name, version);
  return {
    name,
    version,
    tarball: tarballOf(name, version),
    integrity: [integrityOf(name, version)],
    dependencies,
    optionalDependencies,
    peerDependencies,
    optionalPeers,
    bundled: [],
    bin: {},
    os: [],
    cpu: [],
    hasInstallScript: false,
  };
}

export function publishTimesOf(registry: NotedRegistry, name: string): PublishTimes {
  const times = new Map<string, string>();
  for (const { version, publishedAt } of registry.get(name) ?? []) {
    if (publishedAt !== undefined) times.set(version, publishedAt);
  }
  return times;
}

function tarballOf(name: string, version: string): string {
  return `https://registry.example/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

/** The SRI digest of the text `name@version`, in place of a tarball. */
export function integrityOf(name: string, version: string): string {
  return `sha512-${createHash('sha512').update(`${name}@${version}`).digest('base64')}`;
}

function parseRelease(line: string): NotedRelease {
  const tokens = splitTokens(line);
  const headLength = tokens.findIndex((token) => token.endsWith(':')) + 1 || tokens.length;
  const [subject = '', date, ...rest] = tokens.slice(0, headLength).map((token) => token.replace(/:$/, ''));
  if (rest.length > 0) throw new Error(`"${line}": write name@version, a date, a colon, then the dependencies`);
  const [name, version] = splitSpec(subject);
  const publishedAt = date === undefined ? undefined : new Date(date).toISOString();
  return { name, version, publishedAt, ...parseDependencies(tokens.slice(headLength)) };
}

const fields = {
  '': 'dependencies',
  '?': 'optionalDependencies',
  'dev:': 'devDependencies',
  'peer:': 'peerDependencies',
  'peer?:': 'peerDependencies',
} as const;

function parseDependencies(tokens: readonly string[]): NotedDependencies {
  const found = {
    dependencies: new Map<string, string>(),
    devDependencies: new Map<string, string>(),
    optionalDependencies: new Map<string, string>(),
    peerDependencies: new Map<string, string>(),
  };
  const optionalPeers: string[] = [];
  for (const token of tokens) {
    const prefix = /^(?:\?|dev:|peer\??:)?/.exec(token)?.[0] ?? '';
    const [name, spec] = splitSpec(token.slice(prefix.length));
    // Safe: the expression matches nothing but the keys of `fields`.
    found[fields[prefix as keyof typeof fields]].set(name, spec);
    if (prefix === 'peer?:') optionalPeers.push(name);
  }
  const maps = Object.entries(found).map(([field, map]) => [field, Object.fromEntries(map)]);
  return { ...Object.fromEntries(maps), optionalPeers };
}

function parseCopy(token: string): { location: string; key: string; name: string; version: string } {
  const match = /^((?:(?:@[^/@]+\/)?[^/@]+\/)*)((?:@[^/@]+\/)?[^/@]+)@(?:npm:(.+)@)?([^@]+)$/.exec(token);
  const [, above = '', key, alias, version] = match ?? [];
  if (key === undefined || version === undefined) throw new Error(`"${token}": write a copy as path@version`);
  const names = above.match(/(?:@[^/]+\/)?[^/]+(?=\/)/g) ?? [];
  const location = [...names, key].map((name) => `node_modules/${name}`).join('/');
  return { location, key, name: alias ?? key, version };
}

/** At the first `@` that does not begin a scope. */
function splitSpec(token: string): [name: string, spec: string] {
  const at = token.indexOf('@', 1);
  if (at < 1) throw new Error(`"${token}": write name@spec`);
  return [token.slice(0, at), token.slice(at + 1)];
}

function splitTokens(text: string): string[] {
  return (text.match(/"[^"]*"|\S+/g) ?? []).map((token) => token.replace(/^"(.*)"$/, '$1'));
}

function findRelease(registry: NotedRegistry, name: string, version: string): NotedRelease {
  const release = registry.get(name)?.find((candidate) => candidate.version === version);
  if (release === undefined) throw new Error(`${name}@${version} is in the tree, but not in the registry`);
  return release;
}

function lockedRoot(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = ['name', 'version', 'license', 'workspaces', 'dependencies', 'devDependencies', 'optionalDependencies'];
  const keys = [...kept, 'peerDependencies', 'peerDependenciesMeta', 'engines', 'bin'];
  return Object.fromEntries(keys.filter((key) => key in manifest).map((key) => [key, manifest[key]]));
}

function lockedEntry(release: NotedRelease): Record<string, unknown> {
  const { name, version } = release;
  const head = { version, resolved: tarballOf(name, version), integrity: integrityOf(name, version) };
  return { ...head, ...withoutEmpty({ ...release, devDependencies: {} }) };
}

function manifestOf(release: NotedRelease): Record<string, unknown> {
  const { name, version } = release;
  const dist = { tarball: tarballOf(name, version), integrity: integrityOf(name, version) };
  return { name, version, ...withoutEmpty(release), dist };
}

/** The fields of a package.json, as far as they say something. */
function withoutEmpty(noted: NotedDependencies): Record<string, unknown> {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, optionalPeers } = noted;
  const peerDependenciesMeta = Object.fromEntries(optionalPeers.map((name) => [name, { optional: true }]));
  const written = { dependencies, devDependencies, optionalDependencies, peerDependencies, peerDependenciesMeta };
  return Object.fromEntries(Object.entries(written).filter(([, map]) => Object.keys(map).length > 0));
}

/** The order in which npm writes keys; those of an entry come in the order in which they are given. */
function objectsLast(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isLast = ([, value]: [string, unknown]): number => Number(typeof value === 'object' && !Array.isArray(value));
  return Object.fromEntries(Object.entries(entry).toSorted((left, right) => isLast(left) - isLast(right)));
}

function withoutNulls(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
