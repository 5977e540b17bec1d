/** With which bytes releases were read. A row is never changed: other bytes add one, and the first stands. */
import { hash } from 'node:crypto';
import type { ReadRelease, ReleaseSource } from '../model/fact-store.ts';
import type { Database } from './database.ts';

const maxRows = 20;

export async function findRelease(
  database: Database,
  { registry, name, version }: ReleaseSource,
): Promise<ReadRelease | undefined> {
  const rows = await database.read({
    sql:
      'SELECT integrity, first_read_at, checksum FROM releases ' +
      'WHERE registry = $1 AND name = $2 AND version = $3 ORDER BY first_read_at LIMIT $4',
    values: [registry, name, version, maxRows],
  });
  for (const { integrity, first_read_at: firstReadAt, checksum } of rows) {
    if (typeof integrity !== 'string' || typeof firstReadAt !== 'string') continue;
    const release = { integrity, firstReadAt };
    if (checksum === checksumOf({ registry, name, version }, release)) return release;
  }
  return undefined;
}

export async function saveRelease(database: Database, source: ReleaseSource, release: ReadRelease): Promise<void> {
  const { registry, name, version } = source;
  const { integrity, firstReadAt } = release;
  await database.write([
    {
      sql:
        'INSERT INTO releases (registry, name, version, integrity, first_read_at, checksum) ' +
        'VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
      values: [registry, name, version, integrity, firstReadAt, checksumOf(source, release)],
    },
  ]);
}

function checksumOf({ registry, name, version }: ReleaseSource, { integrity, firstReadAt }: ReadRelease): string {
  return hash('sha256', JSON.stringify([registry, name, version, integrity, firstReadAt]));
}
