/** Verdicts by question. A row is never changed: the same question asked later adds one, and the newest is found. */
import { createHash } from 'node:crypto';
import type { Verdict } from '../model/verdict.ts';
import type { Database } from './database.ts';

const columns = 'question, as_of, name, from_version, to_version, result, verdict_id, verdict, checksum';

export async function findVerdict(database: Database, key: string): Promise<Verdict | undefined> {
  const [row] = await database.read({
    sql: 'SELECT verdict, checksum FROM verdicts WHERE question = $1 ORDER BY as_of DESC LIMIT 1',
    values: [key],
  });
  const text = row?.['verdict'];
  if (typeof text !== 'string' || row?.['checksum'] !== checksumOf(key, text)) return undefined;
  // Safe: the checksum says that saveVerdict wrote this text under this key, out of a Verdict.
  return JSON.parse(text) as Verdict;
}

export async function saveVerdict(database: Database, key: string, verdict: Verdict): Promise<void> {
  const { subject, result, id, asOf } = verdict;
  const text = JSON.stringify(verdict);
  await database.write([
    {
      sql: `INSERT INTO verdicts (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      values: [key, asOf, subject.name, subject.from ?? null, subject.to, result, id, text, checksumOf(key, text)],
    },
  ]);
}

/** A row that a failing disk has spoiled, or that stands under another question, is no answer. */
function checksumOf(key: string, text: string): string {
  return createHash('sha256').update(`${key}\n${text}`).digest('hex');
}
