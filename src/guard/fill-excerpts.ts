/** The added lines that a finding points at, cut to what a person reads. */
import type { Change } from '../model/change.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import { findAddedLines } from '../model/file-comparison.ts';
import type { ExcerptLine, Finding } from '../model/finding.ts';
import type { PackageFile } from '../model/package-tree.ts';
import { textOf } from '../model/package-tree.ts';
import type { Verdict } from '../model/verdict.ts';
import type { TextPlace } from './find-pointer.ts';

const maxNeighbours = 3;
/** Lines further away belong to something else. */
const maxDistance = 3;
const maxCharacters = 160;
/** In a longer line nothing is looked for. */
const maxSearchedCharacters = 1_000_000;

const unreadable: ReadonlySet<PackageFile['format']> = new Set([
  ...(['elf', 'pe', 'mach-o', 'node-addon', 'wasm', 'archive', 'image', 'font', 'data'] as const),
]);

type FindPointer = (text: string, pointer: string) => TextPlace | undefined;
type FindExcerpt = (finding: Finding) => readonly ExcerptLine[];

export async function fillExcerpts(verdict: Verdict, changes: readonly Change[]): Promise<Verdict> {
  const byPackage = new Map<string, FindExcerpt>();
  const findPointer = await loadFindPointer(verdict);
  for (const { subject, facts } of changes) {
    if (!facts.files.known) continue;
    byPackage.set(`${subject.name}@${subject.to}`, createExcerpts(facts.files.value, findPointer));
  }
  const findings = verdict.findings.map((finding) => {
    const findExcerpt = byPackage.get(`${finding.package.name}@${finding.package.version}`);
    return findExcerpt === undefined ? finding : { ...finding, excerpt: findExcerpt(finding) };
  });
  return { ...verdict, findings };
}

/** The parser that knows where a value stands is loaded only where something points at one. */
async function loadFindPointer({ findings }: Verdict): Promise<FindPointer> {
  const isNeeded = findings.some(({ at }) => at.pointer !== undefined && at.path !== undefined);
  return isNeeded ? (await import('./find-pointer.ts')).findPointer : () => undefined;
}

/** Remembers each file's lines: fifty findings of one file split it once. */
function createExcerpts(files: FileComparison, findPointer: FindPointer): FindExcerpt {
  const lines = new Map<PackageFile, readonly string[]>();
  const added = new Map<PackageFile, ReadonlySet<number>>();
  const show = (file: PackageFile, place: TextPlace, isAdded: ReadonlySet<number>): readonly ExcerptLine[] => {
    const all = remember(lines, file, () => textOf(file).split('\n'));
    const isShort = (line: number): boolean => (all[line - 1]?.length ?? 0) <= maxCharacters;
    // Around a line of minified code nothing explains it.
    const near = isShort(place.line) ? findNeighbours(place.line, isAdded).filter(isShort) : [];
    const shown = [place.line, ...near].toSorted((left, right) => left - right);
    return shown.flatMap((line) => {
      const text = all[line - 1];
      return text === undefined ? [] : [{ line, text: cutLine(text, line === place.line ? place.column : 0) }];
    });
  };
  return ({ at, message }) => {
    const tree = at.side === 'before' ? files.before : files.after;
    const file = at.in === 'tarball' && at.path !== undefined ? tree?.files.get(at.path) : undefined;
    if (file === undefined || unreadable.has(file.format)) return [];
    if (at.line === undefined) {
      const place = at.pointer === undefined ? undefined : findPointer(textOf(file), at.pointer);
      return place === undefined ? [] : show(file, place, new Set());
    }
    const line = remember(lines, file, () => textOf(file).split('\n'))[at.line - 1] ?? '';
    const isAdded = at.side === 'before' ? new Set<number>() : remember(added, file, () => listAdded(files, file));
    return show(file, { line: at.line, column: findWords(line, message) }, isAdded);
  };
}

function listAdded(files: FileComparison, file: PackageFile): ReadonlySet<number> {
  const changed = files.changed.find(({ after }) => after === file);
  if (changed === undefined && !files.added.includes(file)) return new Set();
  const before = changed === undefined ? '' : textOf(changed.before);
  return new Set(findAddedLines(before, textOf(file)).map(({ line }) => line));
}

/** Nearest first, what follows before what precedes. */
function findNeighbours(line: number, isAdded: ReadonlySet<number>): readonly number[] {
  const near: number[] = [];
  for (let distance = 1; distance <= maxDistance; distance += 1) near.push(line + distance, line - distance);
  return near.filter((candidate) => isAdded.has(candidate)).slice(0, maxNeighbours);
}

/** A minified file is one line: what is shown of it is where the column points. */
function cutLine(text: string, column: number): string {
  const line = text.replace(/\r$/, '');
  if (line.length <= maxCharacters) return line;
  const start = Math.max(0, Math.min(column - maxCharacters / 4, line.length - maxCharacters));
  const end = start + maxCharacters;
  const cut = line.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${cut}${end < line.length ? '…' : ''}`;
}

/** Where the longest of the message's words stands in a long line; its start when none does. */
function findWords(line: string, message: string): number {
  if (line.length <= maxCharacters) return 0;
  const searched = line.slice(0, maxSearchedCharacters);
  const words = (message.match(/[\w$@/:.-]{4,}/g) ?? []).flatMap((word) => [word, word.split('.').at(-1) ?? '']);
  const longestFirst = [...new Set(words)].filter((word) => word.length >= 4).toSorted((a, b) => b.length - a.length);
  for (const word of longestFirst.slice(0, 12)) {
    const found = searched.indexOf(word);
    if (found !== -1) return found;
  }
  return 0;
}

function remember<Key, Value>(held: Map<Key, Value>, key: Key, make: () => Value): Value {
  const existing = held.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  held.set(key, made);
  return made;
}
