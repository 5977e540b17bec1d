/** A check as another Sluice keeps it (`application/vnd.sluice.check+json`), back to a check. */
import { GuardError } from '../errors.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import { isRecord } from '../model/manifest.ts';
import { areTexts, isVerdict, readJson, results } from './parse-verdict.ts';

/** Throws a GuardError where a report could not be made of it. */
export function parseCheck(json: string): CheckVerdict {
  const document = readJson(json);
  if (!isCheck(document)) throw new GuardError('server-refused', 'The answer is no check.');
  // A field that is not known is absent, where the reports ask for its being undefined: the same to them.
  return document;
}

function isCheck(value: unknown): value is CheckVerdict {
  if (!isRecord(value)) return false;
  const { result, id, lockfile, lock, packages, removed, unchanged, patch } = value;
  return (
    results.includes(String(result)) &&
    areTexts(id, lockfile) &&
    isVerdict(lock) &&
    Number.isInteger(unchanged) &&
    Array.isArray(packages) &&
    packages.every(isPackage) &&
    Array.isArray(removed) &&
    removed.every((one) => isRecord(one) && areTexts(one['name'], one['version'])) &&
    (patch === undefined || isPatch(patch))
  );
}

const kinds = ['added', 'updated', 'downgraded', 'rewritten', 'kept'];

function isPackage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, to, kind, why, locations, line, release } = value;
  return (
    areTexts(name, to) &&
    kinds.includes(String(kind)) &&
    Array.isArray(why) &&
    areTexts(...why) &&
    Array.isArray(locations) &&
    areTexts(...locations) &&
    Number.isInteger(line) &&
    (release === undefined || isVerdict(release))
  );
}

function isPatch(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { text, diff, takes, left } = value;
  return (
    areTexts(text, diff) &&
    Array.isArray(takes) &&
    takes.every((one) => isRecord(one) && areTexts(one['name'], one['from'], one['to'])) &&
    Array.isArray(left) &&
    areTexts(...left)
  );
}
