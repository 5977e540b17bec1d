/** Dependencies that the new manifest has and the old one lacked, or had from another origin. Pure. */
import type { AddedDependency, ManifestComparison } from '../model/change.ts';
import type { DependencyField, Manifest } from '../model/manifest.ts';
import type { ParsedDependency, WantedVersion } from './parse-dependency.ts';

/** An added dependency before anybody asked for its tarball. */
export interface NamedDependency extends Omit<AddedDependency, 'release'> {
  /** Undefined where there is no registry to ask, or npm would refuse the spec. */
  readonly wanted: WantedVersion | undefined;
}

type FindDependency = (name: string, spec: string) => ParsedDependency | undefined;

interface Declared {
  readonly field: DependencyField;
  readonly spec: string;
}

/** Bare versions and carets are a registry's in every reading: for these the parser need not be loaded. */
const plainRange = /^[\^~]?\d+(\.\d+){0,2}(-[0-9A-Za-z.]+)?$/;

/** True when nothing was added for sure; false means that the specs must be read. */
export function hasSameDependencies({ before, after }: ManifestComparison): boolean {
  const old = listDeclared(before);
  return [...listDeclared(after)].every(([name, { field, spec }]) => {
    const declared = old.get(name);
    if (declared === undefined || (declared.field === 'peerDependencies' && field !== 'peerDependencies')) return false;
    return declared.spec === spec || (plainRange.test(declared.spec) && plainRange.test(spec));
  });
}

export function findAddedDependencies(
  { before, after }: ManifestComparison,
  findDependency: FindDependency,
): readonly NamedDependency[] {
  const old = listDeclared(before);
  const added: NamedDependency[] = [];
  for (const [name, { field, spec }] of listDeclared(after)) {
    const parsed = findDependency(name, spec);
    const declared = old.get(name);
    // A peer that becomes a dependency is installed now where it was not before.
    const wasInstalled = declared !== undefined && (declared.field !== 'peerDependencies' || field === declared.field);
    if (wasInstalled && parsed?.origin === findDependency(name, declared.spec)?.origin) continue;
    const { source, wanted } = parsed ?? { source: 'registry', wanted: undefined };
    added.push({ name, spec, field, source, specBefore: declared?.spec, wanted });
  }
  return added;
}

/** An optional dependency wins over a plain one of the same name, as it does for npm; a peer is what neither names. */
function listDeclared(manifest: Manifest | undefined): ReadonlyMap<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const field of ['peerDependencies', 'dependencies', 'optionalDependencies'] as const) {
    for (const [name, spec] of Object.entries(manifest?.[field] ?? {})) declared.set(name, { field, spec });
  }
  return declared;
}
