/** A lockfile's text while it is read: knows the line of each entry, and refuses what cannot be read, naming it. */
import { GuardError } from '../errors.ts';
import { FieldError } from './entry-fields.ts';
import type { DocumentSource } from './read-document.ts';
import { LineCounter } from './walk-json.ts';
import { readKey, walkKeys } from './walk-keys.ts';

export type Half = 'packages' | 'dependencies';

export class LockText {
  readonly #source: DocumentSource;
  #lines: Readonly<Record<Half, ReadonlyMap<string, number>>> | undefined;

  constructor(source: DocumentSource) {
    this.#source = source;
  }

  /** 1-based; of the first line where there is no such entry. Worked out for all entries when first asked for. */
  lineOf(half: Half, place: string): number {
    this.#lines ??= findLines(this.#source.text);
    return this.#lines[half].get(place) ?? 1;
  }

  refuse(half: Half, place: string, problem: string): never {
    const { path, code } = this.#source;
    const name = place === '' ? 'the root entry' : `the entry ${JSON.stringify(shorten(place))}`;
    throw new GuardError(code, `${path}, line ${this.lineOf(half, place)}: ${name} ${problem}.`);
  }

  /** For what was thrown while an entry was read. */
  refuseField(half: Half, place: string, error: unknown): never {
    if (error instanceof FieldError) return this.refuse(half, place, `cannot be read: ${error.message}`);
    throw error;
  }
}

/** Places of `dependencies` are the names on the way down: `node_modules/a/node_modules/b`. */
function findLines(text: string): Record<Half, Map<string, number>> {
  const lines: Record<Half, Map<string, number>> = { packages: new Map(), dependencies: new Map() };
  const way: string[] = [];
  const counter = new LineCounter(text);
  walkKeys(text, (depth, open, close) => {
    // Most keys of `packages` stand too deep to be entries.
    if (depth > 2 && way[0] !== 'dependencies') return;
    way.length = depth - 1;
    way.push(readKey(text, open, close));
    const half = way[0];
    if (depth % 2 !== 0 || (half !== 'packages' && half !== 'dependencies') || !isDependencyWay(way)) return;
    lines[half].set(half === 'packages' ? (way[1] ?? '') : toPlace(way), counter.lineAt(open));
  });
  return lines;
}

/** Below the first, every other key is `dependencies`. */
function isDependencyWay(way: readonly string[]): boolean {
  return way.every((key, index) => index % 2 !== 0 || index === 0 || key === 'dependencies');
}

function toPlace(way: readonly string[]): string {
  return way
    .filter((_, index) => index % 2 !== 0)
    .map((name) => `node_modules/${name}`)
    .join('/');
}

function shorten(place: string): string {
  return place.length <= 200 ? place : `${place.slice(0, 199)}…`;
}
