/** What an edge's spec demands of the package it names, as npm reads specs. Specs are attacker-controlled. */
import npa from 'npm-package-arg';
import type Range from 'semver/classes/range.js';
import valid from 'semver/functions/valid.js';
import type { LockEdge } from '../model/lock-tree.ts';
import { findRange } from './prepare-versions.ts';

export type Demand =
  /** The versions of a range; `isExact` when it names a single one. */
  | { readonly kind: 'range'; readonly range: Range; readonly isExact: boolean }
  /** Whatever there is: `*`, `x`, nothing at all, `>=0`, a dist-tag. */
  | { readonly kind: 'any' }
  /** No version of a registry answers it: git, a file, a URL, or no spec that npm understands. */
  | { readonly kind: 'elsewhere' };

/** What no spec of a real package reaches; semver's own limit on a version is 256. */
const maxSpecLength = 4096;

/** A tree asks for the same few thousand specs over and over; what does not fit is read again. */
const remembered = new Map<string, Demand>();
const maxRemembered = 20_000;
const maxRememberedLength = 256;

export function parseDemand({ name, spec }: Pick<LockEdge, 'name' | 'spec'>): Demand {
  if (spec.length > maxSpecLength) return { kind: 'elsewhere' };
  const key = `${name}@${spec}`;
  if (key.length > maxRememberedLength) return readDemand(name, spec);
  const demand = remembered.get(key) ?? readDemand(name, spec);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(key, demand);
  return demand;
}

function readDemand(name: string, spec: string): Demand {
  const isPlain = plainName.test(name) && plainRange.test(spec);
  const range = isPlain ? findRange(spec.trim()) : undefined;
  return range === undefined ? askParser(name, spec) : demandOf(range, valid(spec, true) !== null);
}

/** Nearly all there are: numbers and operators can only be a range, which npm's parser tells after trying all else. */
const plainRange = /^(?!\.)[\d.x*^~<>=| -]*$/;
const plainName = /^(?:@[a-z0-9][a-z0-9-]*\/)?[a-z0-9][a-z0-9-]*$/;

function askParser(name: string, spec: string): Demand {
  const parsed = readSpec(name, spec);
  const asked = parsed?.type === 'alias' ? parsed.subSpec : parsed;
  if (asked?.type === 'tag') return { kind: 'any' };
  if (asked?.type !== 'range' && asked?.type !== 'version') return { kind: 'elsewhere' };
  const range = findRange(asked.fetchSpec ?? '');
  return range === undefined ? { kind: 'elsewhere' } : demandOf(range, asked.type === 'version');
}

function demandOf(range: Range, isExact: boolean): Demand {
  return takesAnything(range) ? { kind: 'any' } : { kind: 'range', range, isExact };
}

/** The package's own name, where the spec gives its alias another meaning: `npm:other@1`. */
export function findAliased(name: string, spec: string): string | undefined {
  // The whole grammar is only worth its cost where the spec says that it is one.
  if (spec.length > maxSpecLength || !/^\s*npm:/i.test(spec)) return undefined;
  const parsed = readSpec(name, spec);
  return parsed?.type === 'alias' ? (parsed.subSpec.name ?? undefined) : undefined;
}

function readSpec(name: string, spec: string): ReturnType<typeof npa.resolve> | npa.AliasResult | undefined {
  try {
    // Where a relative path leads is not asked here; only that it is one.
    return npa.resolve(name, spec, '/');
  } catch {
    return undefined;
  }
}

/** semver writes `*`, `x` and `>=0` alike: one empty comparator. */
function takesAnything({ set }: Range): boolean {
  return set.some((comparators) => comparators.every(({ value }) => value === ''));
}
