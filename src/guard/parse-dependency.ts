/** A dependency's spec as npm reads it, with npm's own parser: reading it differently from npm would be a way around us. */
import npa from 'npm-package-arg';
import satisfies from 'semver/functions/satisfies.js';
import maxSatisfying from 'semver/ranges/max-satisfying.js';
import type { AddedDependency, VersionHistory } from '../model/change.ts';

export interface ParsedDependency {
  readonly source: AddedDependency['source'];
  /** What it names, whatever the version: two specs with the same origin differ in the version only. */
  readonly origin: string;
  /** Set for the registry: the package to ask for, and which of its versions. */
  readonly wanted: WantedVersion | undefined;
}

export interface WantedVersion {
  readonly name: string;
  readonly by: 'version' | 'range' | 'tag';
  readonly selector: string;
}

/** Undefined when npm would refuse to install it. */
export function findDependency(name: string, spec: string): ParsedDependency | undefined {
  try {
    return describe(npa.resolve(name, spec, '/'));
  } catch (error) {
    return isUnsupported(error) ? { source: foreignSource(spec), origin: spec, wanted: undefined } : undefined;
  }
}

/** The version that npm would take: `latest` where it satisfies the range, else the newest that does. */
export function findWantedVersion({ versions, distTags }: VersionHistory, wanted: WantedVersion): string | undefined {
  const { by, selector } = wanted;
  const latest = Object.hasOwn(distTags, 'latest') ? distTags['latest'] : undefined;
  if (by === 'tag') {
    const tagged = Object.hasOwn(distTags, selector) ? distTags[selector] : undefined;
    return tagged !== undefined && versions.includes(tagged) ? tagged : undefined;
  }
  if (by === 'version' && versions.includes(selector)) return selector;
  const isAny = by === 'range' && /^\s*[*x]?\s*$/i.test(selector);
  if (latest !== undefined && versions.includes(latest) && (isAny || satisfies(latest, selector, true))) return latest;
  return maxSatisfying([...versions], selector, true) ?? undefined;
}

function describe(parsed: ReturnType<typeof npa.resolve>): ParsedDependency | undefined {
  // An alias is what it points at.
  const target: npa.Result = parsed.type === 'alias' ? parsed.subSpec : parsed;
  switch (target.type) {
    case 'version':
    case 'range':
    case 'tag':
      return describeRegistry(target, target.type);
    case 'git': {
      const { hosted } = target;
      const repository = hosted === undefined ? target.fetchSpec : `${hosted.domain}/${hosted.user}/${hosted.project}`;
      return { source: 'git', origin: `git ${repository}`, wanted: undefined };
    }
    case 'remote':
      return { source: 'remote', origin: `remote ${target.fetchSpec}`, wanted: undefined };
    default:
      return { source: 'file', origin: `file ${target.fetchSpec}`, wanted: undefined };
  }
}

function describeRegistry(target: npa.Result, by: WantedVersion['by']): ParsedDependency | undefined {
  const { name, fetchSpec } = target;
  if (name === null || fetchSpec === null || fetchSpec === undefined) return undefined;
  return { source: 'registry', origin: `registry ${name}`, wanted: { name, by, selector: fetchSpec } };
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EUNSUPPORTEDPROTOCOL';
}

/** npm knows none of these; other package managers do. */
function foreignSource(spec: string): 'file' | 'remote' {
  return /^(?:workspace|link|portal|patch|catalog):/i.test(spec) ? 'file' : 'remote';
}
