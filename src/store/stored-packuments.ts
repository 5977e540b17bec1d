/** Packuments by registry and name: the newest only, in place of the one before. */
import { createHash } from 'node:crypto';
import type { PackumentSource, RememberedPackument } from '../model/fact-store.ts';
import type { Database } from './database.ts';

const columns = ['fetched_at', 'etag', 'outline', 'entries', 'checksum'];

export async function findPackument(
  database: Database,
  source: PackumentSource,
): Promise<RememberedPackument | undefined> {
  const [row] = await database.read({
    sql: `SELECT ${columns.join(', ')} FROM packuments WHERE registry = $1 AND name = $2`,
    values: [source.registry, source.name],
  });
  const { fetched_at: fetchedAt, etag, outline, entries, checksum } = row ?? {};
  if (typeof fetchedAt !== 'string' || typeof outline !== 'string' || !(entries instanceof Uint8Array))
    return undefined;
  const packument = { fetchedAt, etag: typeof etag === 'string' ? etag : undefined, outline, entries };
  // What a failing disk has spoiled is forgotten: the registry is asked again.
  return checksum === checksumOf(source, packument) ? packument : undefined;
}

export async function savePackument(
  database: Database,
  source: PackumentSource,
  packument: RememberedPackument,
): Promise<void> {
  const { fetchedAt, etag, outline, entries } = packument;
  await database.write([
    {
      sql:
        `INSERT INTO packuments (registry, name, ${columns.join(', ')}) VALUES ($1, $2, $3, $4, $5, $6, $7) ` +
        `ON CONFLICT (registry, name) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      values: [source.registry, source.name, fetchedAt, etag ?? null, outline, entries, checksumOf(source, packument)],
    },
  ]);
}

function checksumOf({ registry, name }: PackumentSource, { outline, entries }: RememberedPackument): string {
  return createHash('sha256')
    .update(JSON.stringify([registry, name, outline]))
    .update(entries)
    .digest('hex');
}
