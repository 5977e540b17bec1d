/**
 * Whether a node is what an edge asks for, exactly as npm decides it without a network (arborist's depValid).
 * Where we and npm disagree, somebody writes a lockfile for the gap.
 */
import npa from 'npm-package-arg';
import Range from 'semver/classes/range.js';
import satisfies from 'semver/functions/satisfies.js';
import type { LockedNode } from './locked-node.ts';
import { findFolder } from './parse-location.ts';
import {
  findSimpleRange,
  isInSimpleRange,
  isInWholeRange,
  type PlainVersion,
  type SimpleRange,
} from './simple-range.ts';
import { fromVirtualPath, toVirtualPath, virtualRoot } from './virtual-path.ts';

export interface Request {
  readonly from: LockedNode;
  readonly to: LockedNode;
  readonly spec: string;
  /** The spec comes from the root's overrides, and its paths are relative to the root. */
  readonly isOverride: boolean;
}

/** A spec that only a registry can answer, wherever it stands and whatever is asked for. */
const plainSpec = /^(?!\.)(?!.*\.(?:tgz|tar\.gz|tar)$)[\w^~<>=|*.+ -]*$/i;

/** Specs beyond the simple ones are parsed up to this many characters in all; further ones count as not satisfied. */
const maxParsedChars = 4_000_000;

/** Lives as long as one tree: remembers its specs. */
export class EdgeValidity {
  readonly #ranges = new Map<string, SimpleRange | undefined>();
  readonly #plainRanges = new Map<string, Range | undefined>();
  #charsLeft = maxParsedChars;

  isSatisfied(request: Request): boolean {
    const { to, spec } = request;
    if (isPlainlySatisfied(to, spec)) return true;
    if (to.hasPlainKey) {
      const answer = this.#isInRange(to.plainVersion, spec);
      if (answer !== undefined) return answer;
      const range = this.#plainRangeOf(spec.trim());
      if (range !== undefined) return range.test(to.versionInForce);
    }
    const wanted = this.#parse(request);
    return wanted !== undefined && isAnswer(wanted, request);
  }

  /** What npm's parser would make of such a spec too, after many attempts to make a URL of it. */
  #plainRangeOf(spec: string): Range | undefined {
    if (!plainSpec.test(spec)) return undefined;
    if (!this.#plainRanges.has(spec)) {
      this.#charsLeft -= spec.length;
      this.#plainRanges.set(spec, this.#charsLeft < 0 ? undefined : findRange(spec));
    }
    return this.#plainRanges.get(spec);
  }

  #parse(request: Request): npa.Result | undefined {
    const { to, spec } = request;
    this.#charsLeft -= spec.length;
    return this.#charsLeft < 0 ? undefined : parseSpec(to.key, spec === '' ? '*' : spec, findWhere(request));
  }

  /** Undefined where that is for semver to say. */
  #isInRange(version: PlainVersion | undefined, spec: string): boolean | undefined {
    if (version === undefined) return undefined;
    const answer = isInWholeRange(version, spec);
    if (answer !== undefined) return answer;
    const simple = this.#simpleRangeOf(spec);
    return simple === undefined ? undefined : isInSimpleRange(version, simple);
  }

  #simpleRangeOf(spec: string): SimpleRange | undefined {
    const known = this.#ranges.get(spec);
    if (known !== undefined || this.#ranges.has(spec)) return known;
    const range = findSimpleRange(spec);
    this.#ranges.set(spec, range);
    return range;
  }
}

/** Nearly all edges are; told without asking the tree. */
export function isPlainlySatisfied(to: LockedNode, spec: string): boolean {
  if (!to.hasPlainKey) return false;
  if (spec === '*' || spec === '') return true;
  const version = to.plainVersion;
  return version !== undefined && isInWholeRange(version, spec) === true;
}

export function isPlainSpec(spec: string): boolean {
  return plainSpec.test(spec);
}

/** Undefined for what npm cannot parse: nothing answers that. */
export function parseSpec(name: string | undefined, spec: string, where: string = virtualRoot): npa.Result | undefined {
  try {
    return name === undefined ? npa(spec, where) : npa.resolve(name, spec, where);
  } catch {
    return undefined;
  }
}

function findRange(spec: string): Range | undefined {
  try {
    return new Range(spec, { loose: true });
  } catch {
    return undefined;
  }
}

function isAnswer(wanted: npa.Result, request: Request): boolean {
  const { to } = request;
  switch (wanted.type) {
    case 'range':
    case 'version':
      if (wanted.type === 'range' && wanted.fetchSpec === '*') return true;
      return satisfies(to.versionInForce, wanted.fetchSpec ?? '', true);
    case 'alias':
      // Safe: npm's parser gives this type to aliases only.
      return isAnswer((wanted as npa.AliasResult).subSpec, request);
    case 'tag':
      // Which version a tag names only the registry knows; it must have come from one.
      return findOrigin(to)?.type === 'remote';
    case 'remote':
      return !to.entry.isLink && to.resolved !== undefined && to.resolved === wanted.fetchSpec;
    case 'directory':
      return to.target !== undefined && fromVirtualPath(wanted.fetchSpec ?? '') === to.target.location;
    case 'file': {
      const origin = findOrigin(to);
      return origin?.type === 'file' && origin.fetchSpec === wanted.fetchSpec;
    }
    case 'git':
      return isSameRepository(wanted, request);
    default:
      return false;
  }
}

function findOrigin({ entry, resolved }: LockedNode): npa.Result | undefined {
  return entry.isLink || resolved === undefined ? undefined : parseSpec(undefined, resolved);
}

const commit = /^[a-fA-F0-9]{40,64}$/;

function isSameRepository(wanted: npa.Result, { from, to }: Request): boolean {
  const origin = findOrigin(to);
  if (origin === undefined) return false;
  const namesCommit = commit.test(wanted.gitCommittish ?? '');
  if (origin.hosted === undefined) {
    if (origin.fetchSpec !== wanted.fetchSpec) return false;
  } else {
    const options = { noCommittish: !namesCommit };
    // Safe: npm's parser puts a hosted-git-info object here, whose types are loose.
    const [asked, locked] = [wanted.hosted, origin.hosted] as unknown as (Hosted | undefined)[];
    if (asked?.ssh(options) !== locked?.ssh(options)) return false;
  }
  if (wanted.gitRange !== undefined) return satisfies(to.versionInForce, wanted.gitRange, true);
  if (namesCommit) return true;
  // A branch or tag was turned into a commit when it was locked: the entry must have asked for the same one.
  const locked = findLockedCommittish(from, to.key);
  return locked === undefined || locked === (wanted.gitCommittish ?? '');
}

interface Hosted {
  ssh(options: { readonly noCommittish: boolean }): string | undefined;
}

function findLockedCommittish({ entry, location }: LockedNode, name: string): string | undefined {
  const { dependencies, optionalDependencies, devDependencies, peerDependencies } = entry.asked;
  // What is optional is not required as well, whatever stands there.
  const required =
    optionalDependencies !== undefined && Object.hasOwn(optionalDependencies, name) ? undefined : dependencies;
  for (const specs of [required, optionalDependencies, devDependencies, peerDependencies]) {
    if (specs === undefined || !Object.hasOwn(specs, name) || specs[name] === '') continue;
    const parsed = parseSpec(name, specs[name] ?? '', toVirtualPath(location));
    return parsed?.type === 'git' ? (parsed.gitCommittish ?? '') : undefined;
  }
  return undefined;
}

/** What a path in the spec is relative to: a tarball's are relative to the tarball, not to where it is unpacked. */
function findWhere({ from, isOverride }: Request): string {
  if (isOverride) return virtualRoot;
  const origin = from.resolved?.startsWith('file:') === true ? findOrigin(from) : undefined;
  if (origin?.type === 'file') return toVirtualPath(findFolder(fromVirtualPath(origin.fetchSpec ?? '') ?? '') ?? '');
  return toVirtualPath(from.location);
}
