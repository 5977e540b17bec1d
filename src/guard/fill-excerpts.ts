/** The added lines that a finding points at, cut to what a person reads. */
import type { Change } from '../model/change.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import { findAddedLines } from '../model/file-comparison.ts';
import type { ExcerptLine, Finding } from '../model/finding.ts';
import type { PackageFile } from '../model/package-tree.ts';
import { textOf } from '../model/package-tree.ts';
import type { Verdict } from '../model/verdict.ts';

const maxNeighbours = 3;
/** Lines further away belong to something else. */
const maxDistance = 3;
const maxCharacters = 160;
/** In a longer line nothing is looked for. */
const maxSearchedCharacters = 1_000_000;

const unreadable: ReadonlySet<PackageFile['format']> = new Set([
  ...(['elf', 'pe', 'mach-o', 'node-addon', 'wasm', 'archive', 'image', 'font', 'data'] as const),
]);

type FindExcerpt = (finding: Finding) => readonly ExcerptLine[];

export function fillExcerpts(verdict: Verdict, changes: readonly Change[]): Verdict {
  const byPackage = new Map<string, FindExcerpt>();
  for (const { subject, facts } of changes) {
    if (facts.files.known) byPackage.set(`${subject.name}@${subject.to}`, createExcerpts(facts.files.value));
  }
  const findings = verdict.findings.map((finding) => {
    const findExcerpt = byPackage.get(`${finding.package.name}@${finding.package.version}`);
    return findExcerpt === undefined ? finding : { ...finding, excerpt: findExcerpt(finding) };
  });
  return { ...verdict, findings };
}

/** Remembers each file's lines: fifty findings of one file split it once. */
function createExcerpts(files: FileComparison): FindExcerpt {
  const lines = new Map<PackageFile, readonly string[]>();
  const added = new Map<PackageFile, ReadonlySet<number>>();
  return ({ at, message }) => {
    const tree = at.side === 'before' ? files.before : files.after;
    const file = at.in === 'tarball' && at.path !== undefined ? tree?.files.get(at.path) : undefined;
    if (file === undefined || at.line === undefined || unreadable.has(file.format)) return [];
    const all = remember(lines, file, () => textOf(file).split('\n'));
    const isAdded = at.side === 'before' ? new Set<number>() : remember(added, file, () => listAdded(files, file));
    return [at.line, ...findNeighbours(at.line, isAdded)]
      .toSorted((left, right) => left - right)
      .flatMap((line) => {
        const text = all[line - 1];
        return text === undefined ? [] : [{ line, text: cutLine(text, line === at.line ? message : '') }];
      });
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

/** A minified file is one line: what is shown of it is where the message's own words stand. */
function cutLine(text: string, message: string): string {
  const line = text.replace(/\r$/, '');
  if (line.length <= maxCharacters) return line;
  const found = findWords(line.slice(0, maxSearchedCharacters), message);
  const start = Math.max(0, Math.min(found - maxCharacters / 4, line.length - maxCharacters));
  const end = start + maxCharacters;
  const cut = line.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${cut}${end < line.length ? '…' : ''}`;
}

/** Where the longest of the message's words stands in the line; its start when none does. */
function findWords(line: string, message: string): number {
  const words = (message.match(/[\w$@/:.-]{4,}/g) ?? []).flatMap((word) => [word, word.split('.').at(-1) ?? '']);
  const longestFirst = [...new Set(words)].filter((word) => word.length >= 4).toSorted((a, b) => b.length - a.length);
  for (const word of longestFirst.slice(0, 12)) {
    const found = line.indexOf(word);
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
