/** Two texts of settings, a line each → what a person would say was edited. Secrets are not repeated. */
import type { Edit } from './find-gate-edits.ts';
import { shortenForPerson } from './shorten.ts';

/** @param isWatched Whether a line below this key of the first level counts. */
export function findLineEdits(before: string, after: string, isWatched: (topKey: string) => boolean): readonly Edit[] {
  const [old, now] = [before, after].map((text) => readLines(text, isWatched));
  if (old === undefined || now === undefined) return [];
  const [added, removed] = [subtract(now, old), subtract(old, now)];
  if (added.length === 0 && removed.length === 0) return findMove(old, now);
  const byKey = new Map(removed.map((line) => [findKey(line), line]));
  const replaced = new Set<SettingLine>();
  const edits = added.map((line): Edit => {
    const key = findKey(line);
    const old = key === undefined ? undefined : byKey.get(key);
    if (old === undefined || replaced.has(old)) return { what: `added ${tell(line.text)}`, line: line.number };
    replaced.add(old);
    return { what: `changed ${tell(old.text)} to ${tell(line.text)}`, line: line.number };
  });
  const gone = removed.filter((line) => !replaced.has(line));
  return [...edits, ...gone.map(({ text }) => ({ what: `removed ${tell(text)}`, line: undefined }))];
}

export function keepEverything(): boolean {
  return true;
}

interface SettingLine {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
  readonly topKey: string;
}

/** Without comments and blank lines, which set nothing. */
function readLines(text: string, isWatched: (topKey: string) => boolean): readonly SettingLine[] {
  let topKey = '';
  const lines: SettingLine[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const setting = line.trim();
    if (setting === '' || setting.startsWith('#') || setting.startsWith(';')) continue;
    if (!/^\s|^-/.test(line)) topKey = setting.split(/[:=]/, 1)[0]?.trim().replaceAll(/["']/g, '') ?? '';
    if (isWatched(topKey)) lines.push({ text: setting, number: index + 1, topKey });
  }
  return lines;
}

/** Each line as often as it stands more here than there. */
function subtract(lines: readonly SettingLine[], others: readonly SettingLine[]): readonly SettingLine[] {
  const left = new Map<string, number>();
  for (const { text, topKey } of others) left.set(`${topKey} ${text}`, (left.get(`${topKey} ${text}`) ?? 0) + 1);
  return lines.filter(({ text, topKey }) => {
    const count = left.get(`${topKey} ${text}`) ?? 0;
    left.set(`${topKey} ${text}`, count - 1);
    return count <= 0;
  });
}

/** The same lines in another order: a step of a workflow that now comes after what it should guard. */
function findMove(before: readonly SettingLine[], after: readonly SettingLine[]): readonly Edit[] {
  const moved = after.find(({ text }, index) => text !== before[index]?.text);
  return moved === undefined ? [] : [{ what: `moved ${tell(moved.text)}`, line: moved.number }];
}

/** The same key set to something else is one edit, not two. */
function findKey({ text, topKey }: SettingLine): string | undefined {
  const key = /^(?:- )?("[^"]*"|'[^']*'|[\w@./:-]+?)\s*(?:=|: )/.exec(text)?.[1];
  return key === undefined ? undefined : `${topKey} ${key}`;
}

const secret = /((?:_auth(?:Token)?|_password|password|token|secret|npmAuth\w*)["']?\s*[=:]\s*).+/i;

function tell(text: string): string {
  return shortenForPerson(text.replace(secret, '$1…').replace(/\/\/[^/\s@:]+:[^/\s@]+@/, '//…@'), 120);
}
