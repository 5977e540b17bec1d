/**
 * One entry of a lockfile with another version in it, as npm writes entries. What the tree says of the entry (alias,
 * bundle, flags) stays; what the manifest says is the new version's; a value that is the same keeps its bytes.
 */
import type { PublishedRelease } from '../model/lock-change.ts';
import type { LockNode, LockTree } from '../model/lock-tree.ts';
import { isRecord } from '../model/manifest.ts';
import { findLayout, findProperty, type ObjectText, renderObject, renderValue } from './json-text.ts';
import type { Take } from './patched-tree.ts';

export type EntryFlag = 'dev' | 'optional' | 'devOptional' | 'peer';

export interface EntryEdit {
  readonly node: LockNode;
  /** Undefined when only flags change. */
  readonly take: Take | undefined;
  /** Flags that are put in or taken out. */
  readonly flags: ReadonlyMap<EntryFlag, boolean> | undefined;
}

export interface LegacyEntryEdit extends EntryEdit {
  /** Text of the entries inside of it. */
  readonly nested: string | undefined;
  readonly version: LockTree['version'];
}

/** Undefined: the entry has no such key. */
type Fields = ReadonlyMap<string, unknown>;

export function editEntry(text: string, entry: ObjectText, { node, take, flags }: EntryEdit): string {
  const fields = take && readFields(take.published, readOldEntry(text, entry, node));
  return writeEntry(text, entry, { fields, kept: treeKeys, flags });
}

/** npm 6's form, in version 1 and in half of version 2. */
export function editLegacyEntry(text: string, entry: ObjectText, edit: LegacyEntryEdit): string {
  const { node, take, nested, version } = edit;
  const fields = take && readLegacyFields(take.published, readOldEntry(text, entry, node));
  // npm 6 knew no peers.
  const flags = new Map(
    [...(edit.flags ?? [])].filter(([flag]) => version > 1 || flag === 'dev' || flag === 'optional'),
  );
  return writeEntry(text, entry, { fields, kept: legacyTreeKeys, flags, nested });
}

/** What an entry says of its place in the tree, and not of the package. */
const treeKeys: ReadonlySet<string> = new Set([
  'name',
  'dev',
  'optional',
  'devOptional',
  'peer',
  'extraneous',
  'inBundle',
  'ideallyInert',
]);
const legacyTreeKeys: ReadonlySet<string> = new Set([...treeKeys, 'bundled']);

/** Further fields of a manifest that npm copies. A message of deprecation is the old version's own, and goes with it. */
const copiedKeys = ['acceptDependencies', 'bundleDependencies', 'deprecated', 'engines', 'funding', 'libc', 'license'];
const keptWhereUnknown: ReadonlySet<string> = new Set(['engines', 'funding', 'libc', 'license']);

interface OldEntry {
  readonly node: LockNode;
  /** Undefined when the entry has no such key. */
  readonly read: (key: string) => unknown;
}

function readOldEntry(text: string, entry: ObjectText, node: LockNode): OldEntry {
  const read = (key: string): unknown => {
    const property = findProperty(entry, key);
    return property === undefined ? undefined : JSON.parse(text.slice(property.valueFrom, property.to));
  };
  return { node, read };
}

function readFields(published: PublishedRelease, old: OldEntry): Fields {
  const { version, integrity, dependencies, optionalDependencies, peerDependencies, lockFields } = published;
  const required = Object.entries(dependencies).filter(([name]) => !Object.hasOwn(optionalDependencies, name));
  const fields = new Map<string, unknown>([
    ['version', version],
    ['resolved', findResolved(published, old)],
    ['integrity', integrity.join(' ')],
    ['dependencies', Object.fromEntries(required)],
    ['optionalDependencies', optionalDependencies],
    ['peerDependencies', peerDependencies],
    ['peerDependenciesMeta', lockFields?.['peerDependenciesMeta'] ?? markOptional(published.optionalPeers)],
    ['bin', normalizeBin(published.bin)],
    ['os', published.os],
    ['cpu', published.cpu],
    ['hasInstallScript', published.hasInstallScript ?? old.read('hasInstallScript')],
  ]);
  for (const key of copiedKeys) {
    if (lockFields !== undefined) fields.set(key, normalizeCopied(key, lockFields[key]));
    else if (keptWhereUnknown.has(key)) fields.set(key, old.read(key));
  }
  return new Map([...fields].filter(([, value]) => isWritten(value)));
}

function readLegacyFields(published: PublishedRelease, old: OldEntry): Fields {
  const { name, version, integrity, dependencies, optionalDependencies } = published;
  const fields = new Map<string, unknown>([
    ['version', old.node.name === old.node.key ? version : `npm:${name}@${version}`],
    ['resolved', findResolved(published, old)],
    ['integrity', integrity.join(' ')],
    ['requires', { ...dependencies, ...optionalDependencies }],
  ]);
  return new Map([...fields].filter(([, value]) => isWritten(value)));
}

/** npm leaves out what is empty. */
function isWritten(value: unknown): boolean {
  return !!value && (typeof value !== 'object' || Object.keys(value).length > 0);
}

/** A lockfile that names no addresses stays so, and one that names a registry's stays with that registry. */
function findResolved({ name, version, tarball }: PublishedRelease, { node, read }: OldEntry): string | undefined {
  const resolved = read('resolved');
  if (typeof resolved !== 'string') return undefined;
  const [before, after] = [`-${node.version}.tgz`, `-${version}.tgz`];
  const isNamedByRule = resolved.endsWith(`${name}/-/${name.slice(name.indexOf('/') + 1)}${before}`);
  const isElsewhere = tarball === undefined || hostOf(tarball) !== hostOf(resolved);
  return isElsewhere && isNamedByRule ? `${resolved.slice(0, -before.length)}${after}` : tarball;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function markOptional(names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, { optional: true }]));
}

/** As npm does: no way out of the package, and one kind of slash. */
function normalizeBin(bin: PublishedRelease['bin']): Readonly<Record<string, string>> {
  const commands = Object.entries(bin).map(([command, path]) => [stepsOf(command).at(-1), stepsOf(path).join('/')]);
  return Object.fromEntries(commands.filter(([command, path]) => command !== undefined && path !== ''));
}

function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  for (const step of path.split(/[\\/]/)) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps;
}

function normalizeCopied(key: string, value: unknown): unknown {
  if (key === 'license' && isRecord(value)) return value['type'] ?? value;
  return key === 'funding' && typeof value === 'string' ? { url: value } : value;
}

interface Writing {
  /** Undefined: those of the package stay. */
  readonly fields: Fields | undefined;
  /** Keys that stay whatever the fields are. */
  readonly kept: ReadonlySet<string>;
  readonly flags: EntryEdit['flags'];
  readonly nested?: string | undefined;
}

function writeEntry(text: string, entry: ObjectText, { fields, kept, flags, nested }: Writing): string {
  const layout = findLayout(text, entry);
  const old = new Map(entry.properties.map(({ key, valueFrom, to }) => [key, text.slice(valueFrom, to)]));
  const stays = (key: string): boolean => fields === undefined || fields.has(key) || kept.has(key);
  const written = new Map([...old].filter(([key]) => stays(key) || (key === 'dependencies' && nested !== undefined)));
  for (const [key, value] of fields ?? []) {
    const [before, sorted] = [old.get(key), sortKeys(value)];
    const isSame = before !== undefined && JSON.stringify(sortKeys(JSON.parse(before))) === JSON.stringify(sorted);
    if (!isSame) put(written, key, renderValue(sorted, layout));
  }
  for (const [flag, holds] of flags ?? []) {
    if (holds) put(written, flag, 'true');
    else written.delete(flag);
  }
  if (nested === '{}') written.delete('dependencies');
  else if (nested !== undefined) put(written, 'dependencies', nested);
  return renderObject([...written], layout);
}

/** In its old place; a new key before the first that npm would write later. */
function put(written: Map<string, string>, key: string, value: string): void {
  const isNew = !written.has(key);
  written.set(key, value);
  if (!isNew) return;
  const entries = [...written];
  const isLater = ([other, text]: readonly [string, string]): boolean =>
    compareKeys([key, value.startsWith('{')], [other, text.startsWith('{')]) < 0;
  const index = entries.findIndex(isLater);
  for (const [other, text] of index === -1 ? [] : entries.slice(index, -1)) {
    written.delete(other);
    written.set(other, text);
  }
}

const firstKeys = [
  'name',
  'version',
  'lockfileVersion',
  'resolved',
  'integrity',
  'requires',
  'packages',
  'dependencies',
];

type SortKey = readonly [key: string, isObject: boolean];

/** The order in which npm writes keys: objects last, a few names first, the rest by the alphabet. */
function compareKeys([left, isLeftObject]: SortKey, [right, isRightObject]: SortKey): number {
  if (isLeftObject !== isRightObject) return isLeftObject ? 1 : -1;
  const [first, second] = [firstKeys.indexOf(left), firstKeys.indexOf(right)];
  if (first !== -1 && second !== -1) return first - second;
  if (first !== second && (first === -1 || second === -1)) return first === -1 ? 1 : -1;
  return left.localeCompare(right, 'en');
}

function sortKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key, sortKeys(one)]);
  return Object.fromEntries(
    entries.sort(([left, a], [right, b]) => compareKeys([left, isRecord(a)], [right, isRecord(b)])),
  );
}
