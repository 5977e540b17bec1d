/** Checks of whole lockfiles by question. They are of use for a moment only: whoever keeps one takes away those that are old. */
import { hash } from 'node:crypto';
import type { RememberedCheck } from '../model/fact-store.ts';
import type { Database } from './database.ts';

export async function findCheck(database: Database, key: string): Promise<RememberedCheck | undefined> {
  const [row] = await database.read({
    sql: 'SELECT as_of, answer, checksum FROM lock_checks WHERE question = $1',
    values: [key],
  });
  const { as_of: asOf, answer, checksum } = row ?? {};
  if (typeof asOf !== 'string' || !(answer instanceof Uint8Array)) return undefined;
  // What a failing disk has spoiled is no answer.
  return checksum === checksumOf(key, { asOf, answer }) ? { asOf, answer } : undefined;
}

export async function saveCheck(
  database: Database,
  key: string,
  { check, forgetBefore }: { readonly check: RememberedCheck; readonly forgetBefore: string },
): Promise<void> {
  const { asOf, answer } = check;
  await database.write([
    { sql: 'DELETE FROM lock_checks WHERE as_of < $1', values: [forgetBefore] },
    {
      sql:
        'INSERT INTO lock_checks (question, as_of, answer, checksum) VALUES ($1, $2, $3, $4) ON CONFLICT (question) ' +
        'DO UPDATE SET as_of = excluded.as_of, answer = excluded.answer, checksum = excluded.checksum',
      values: [key, asOf, answer, checksumOf(key, check)],
    },
  ]);
}

function checksumOf(key: string, { asOf, answer }: RememberedCheck): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${key}\n${asOf}\n`), answer]));
}
