/** The JSON of a verdict, as somebody else's Sluice wrote it, back to a verdict. */
import { GuardError } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';
import type { Verdict } from '../model/verdict.ts';

export const results: readonly string[] = ['allow', 'review', 'block', 'undecided'];
const levels = ['notice', 'review', 'block'];

/** Throws a GuardError where a report could not be made of it. */
export function parseVerdict(json: string): Verdict {
  const document = readJson(json);
  if (!isVerdict(document)) throw new GuardError('server-refused', 'The answer is no verdict.');
  return document;
}

/** What is not known is null in the document, and undefined here. */
export function readJson(json: string): unknown {
  try {
    return JSON.parse(json, (_, value) => (value === null ? undefined : value));
  } catch (cause) {
    throw new GuardError('server-refused', 'The answer is no JSON.', { cause });
  }
}

export function isVerdict(value: unknown): value is Verdict {
  if (!isRecord(value)) return false;
  const { result, id, subject, findings, coverage, exemptions, asOf } = value;
  if (!results.includes(String(result)) || typeof id !== 'string' || typeof asOf !== 'string') return false;
  if (!isRecord(subject) || !areTexts(subject['name'], subject['to']) || !isRecord(subject['integrity'])) return false;
  if (!isRecord(coverage) || !isRecord(exemptions) || !Array.isArray(findings)) return false;
  const lists = [coverage['unchecked'], coverage['gaps'], exemptions['unused'], exemptions['expired']];
  const counts = [coverage['applicable'], coverage['checked']];
  return (
    lists.every((list) => Array.isArray(list) && list.every(isRecord)) &&
    counts.every(Number.isInteger) &&
    findings.every(isFinding)
  );
}

function isFinding(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { rule, level, message, at, via, excerpt, why, remedy, package: about } = value;
  return (
    areTexts(rule, message, why, remedy) &&
    levels.includes(String(level)) &&
    isRecord(at) &&
    isRecord(about) &&
    areTexts(about['name'], about['version']) &&
    Array.isArray(via) &&
    areTexts(...via) &&
    Array.isArray(excerpt) &&
    excerpt.every((line) => isRecord(line) && areTexts(line['text']))
  );
}

export function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}
