/** Two JSON texts → what a person would say was edited, key by key, with the line in the new one. */
import { GuardError } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';
import type { Edit } from './find-gate-edits.ts';
import { readDocument } from './read-document.ts';
import { shortenForPerson } from './shorten.ts';
import { LineCounter } from './walk-json.ts';
import { readKey, walkKeys } from './walk-keys.ts';

/** @param keys Only these of the document; all where absent. */
export function findJsonEdits(before: string, after: string, keys?: readonly string[]): readonly Edit[] {
  const old = findFields(before);
  const now = findFields(after);
  if (old === undefined || now === undefined) {
    // What is no JSON is refused, with its line, by whoever needs its contents. Here it has only to be seen.
    return keys === undefined ? [{ what: 'edited; it cannot be compared key by key', line: 1 }] : [];
  }
  const watched = keys ?? [...new Set([...Object.keys(now), ...Object.keys(old)])];
  const edits = watched.flatMap((key) => compareValues([key], ownValue(old, key), ownValue(now, key)));
  if (edits.length === 0) return [];
  const lines = findLines(after);
  return edits.map(({ way, what }) => ({ what, line: findLine(way, lines) }));
}

interface ValueEdit {
  readonly way: readonly string[];
  readonly what: string;
}

function findFields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return readDocument({ text, path: '', code: 'manifest-invalid' }).fields;
  } catch (error) {
    if (error instanceof GuardError) return undefined;
    throw error;
  }
}

function ownValue(fields: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Calls itself as deep as the document is, which has a limit. */
function compareValues(way: readonly string[], before: unknown, after: unknown): readonly ValueEdit[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...keys].flatMap((key) => compareValues([...way, key], ownValue(before, key), ownValue(after, key)));
  }
  const [old, now] = [JSON.stringify(before), JSON.stringify(after)];
  if (old === now) return [];
  const name = way.map((key) => shortenForPerson(key)).join('.');
  if (before === undefined) return [{ way, what: `added ${name}: ${shortenForPerson(now)}` }];
  if (after === undefined) return [{ way, what: `removed ${name}, which was ${shortenForPerson(old)}` }];
  return [{ way, what: `changed ${name} from ${shortenForPerson(old)} to ${shortenForPerson(now)}` }];
}

/** By way from the document down. */
function findLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const way: string[] = [];
  const counter = new LineCounter(text);
  walkKeys(text, (depth, open, close) => {
    way.length = depth - 1;
    way.push(readKey(text, open, close));
    lines.set(toText(way), counter.lineAt(open));
  });
  return lines;
}

/** Of the key, or of the nearest above it that is still there. */
function findLine(way: readonly string[], lines: ReadonlyMap<string, number>): number | undefined {
  for (let length = way.length; length > 0; length -= 1) {
    const line = lines.get(toText(way.slice(0, length)));
    if (line !== undefined) return line;
  }
  return undefined;
}

function toText(way: readonly string[]): string {
  return JSON.stringify(way);
}
