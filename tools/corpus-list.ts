/** A list of pairs of versions that a registry serves: names, versions and digests, never contents. */
import { readFileSync } from 'node:fs';
import { isRecord } from '../src/model/manifest.ts';

export interface CorpusPair {
  readonly name: string;
  readonly old: string;
  readonly new: string;
  /** SRI strings that the two tarballs must have; anything else is another package than the list means. An ordinary pair may have none. */
  readonly oldIntegrity: string | undefined;
  readonly newIntegrity: string | undefined;
  /** The least that the verdict must be. Absent for ordinary updates, of which none may be blocked. */
  readonly atLeast: 'review' | 'block' | undefined;
}

/** Throws a sentence that names the first entry which is not of this shape. */
export function loadCorpusList(path: string): readonly CorpusPair[] {
  const document = loadJson(path);
  if (!isRecord(document)) throw new Error(`${path} must be an object with the lists "suspicious" and "ordinary"`);
  return ['suspicious', 'ordinary'].flatMap((group) => {
    const entries = document[group] ?? [];
    if (!Array.isArray(entries)) throw new Error(`${path}: "${group}" must be a list of pairs`);
    return entries.map((entry: unknown, index) => parsePair(entry, group, `${path}: ${group}[${index}]`));
  });
}

function loadJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function parsePair(entry: unknown, group: string, where: string): CorpusPair {
  if (!isRecord(entry)) throw new Error(`${where} must be an object`);
  const text = (key: string): string => {
    const value = entry[key];
    if (typeof value !== 'string') throw new Error(`${where} has no "${key}"`);
    return value;
  };
  const digest = (key: string): string | undefined =>
    group === 'ordinary' && entry[key] === undefined ? undefined : text(key);
  const pair = {
    name: text('name'),
    old: text('old'),
    new: text('new'),
    oldIntegrity: digest('oldIntegrity'),
    newIntegrity: digest('newIntegrity'),
  };
  if (group === 'ordinary') return { ...pair, atLeast: undefined };
  const atLeast = text('atLeast');
  if (atLeast !== 'review' && atLeast !== 'block') throw new Error(`${where}: "atLeast" must be "review" or "block"`);
  return { ...pair, atLeast };
}
