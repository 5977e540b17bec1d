/** What files do, by their contents. Unlike an answer a row may be written over, and goes when nobody has asked for it for long. */
import { hash } from 'node:crypto';
import type { BehaviorNews, RememberedBehavior } from '../model/fact-store.ts';
import type { Database, SqlStatement } from './database.ts';

/** As many as this are asked for at once: with one statement, which is prepared once. */
const perRead = 50;
/** So few are taken away at once that nobody waits long for the lock. */
const perDeletion = 200;
const maxBehaviorBytes = 500_000_000;

const places = Array.from({ length: perRead }, (_, at) => `$${at + 2}`).join(', ');
const columns = ['analysis', 'used_on', 'summary', 'bytes', 'checksum'];
const selection = `SELECT contents, summary, used_on, checksum FROM behaviors WHERE analysis = $1 AND contents IN (${places})`;
const insertion =
  `INSERT INTO behaviors (contents, ${columns.join(', ')}) VALUES ($1, $2, $3, $4, $5, $6) ` +
  `ON CONFLICT (contents) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`;

export async function findBehaviors(
  database: Database,
  analysis: string,
  contents: readonly string[],
): Promise<readonly RememberedBehavior[]> {
  const found: RememberedBehavior[] = [];
  for (let first = 0; first < contents.length; first += perRead) {
    const some = contents.slice(first, first + perRead);
    const padding = Array.from({ length: perRead - some.length }, () => '');
    const rows = await database.read({ sql: selection, values: [analysis, ...some, ...padding] });
    found.push(...rows.flatMap((row) => parseRow(row, analysis)));
  }
  return found;
}

/** None where a failing disk has spoiled it: then the file is read again, and the row written over. */
function parseRow(row: Readonly<Record<string, unknown>>, analysis: string): readonly RememberedBehavior[] {
  const { contents, summary, used_on: usedOn, checksum } = row;
  if (typeof contents !== 'string' || typeof usedOn !== 'string' || !(summary instanceof Uint8Array)) return [];
  return checksum === checksumOf(analysis, contents, summary) ? [{ contents, summary, usedOn }] : [];
}

export async function saveBehaviors(
  database: Database,
  analysis: string,
  { day, read, usedAgain }: BehaviorNews,
): Promise<void> {
  const written = read.map(({ contents, summary }): SqlStatement => {
    const checksum = checksumOf(analysis, contents, summary);
    return { sql: insertion, values: [contents, analysis, day, summary, summary.length, checksum] };
  });
  const touched = usedAgain.map(
    (contents): SqlStatement => ({
      sql: 'UPDATE behaviors SET used_on = $1 WHERE contents = $2',
      values: [day, contents],
    }),
  );
  if (written.length + touched.length > 0) await database.write([...written, ...touched]);
}

/** Takes away some of those that nobody has asked for the longest, where all of them are too large. @returns Whether there may be more. */
export async function pruneBehaviors(database: Database, maxBytes: number = maxBehaviorBytes): Promise<boolean> {
  const [sum] = await database.read({ sql: 'SELECT SUM(bytes) AS bytes FROM behaviors', values: [] });
  if (Number(sum?.['bytes'] ?? 0) <= maxBytes) return false;
  await database.write([
    {
      sql: 'DELETE FROM behaviors WHERE contents IN (SELECT contents FROM behaviors ORDER BY used_on, bytes LIMIT $1)',
      values: [perDeletion],
    },
  ]);
  return true;
}

function checksumOf(analysis: string, contents: string, summary: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${analysis}\n${contents}\n`), summary]));
}
