/** Which rules found something in the verdicts that callers get: one row a verdict, rule, level and release. */
import type { Migration } from '../src/store/migration.ts';

export const findings: Migration = {
  id: '0005-findings',
  steps: [
    {
      createTable: 'findings',
      columns: [
        // Later ones have greater ids.
        "id TEXT NOT NULL PRIMARY KEY CHECK (id <> '')",
        'verdict_id TEXT NOT NULL',
        'rule TEXT NOT NULL',
        "level TEXT NOT NULL CHECK (level IN ('notice', 'review', 'block'))",
        // The release that it is about: of an update's own package, or of a dependency that it adds.
        'name TEXT NOT NULL',
        'version TEXT NOT NULL',
        'found_at TEXT NOT NULL',
      ],
    },
    // The same answer may stand at several moments: it is listed once.
    { createUniqueIndex: 'findings_once', on: 'findings (verdict_id, rule, level, name, version)' },
    { createIndex: 'findings_by_rule', on: 'findings (rule, id)' },
    {
      fill: 'findings',
      from: { table: 'answers', column: 'document', list: 'findings', orderBy: 'as_of' },
      columns: {
        id: { idAt: 'as_of' },
        verdict_id: { column: 'verdict_id' },
        rule: { member: 'rule' },
        level: { member: 'level' },
        name: { member: 'package.name' },
        version: { member: 'package.version' },
        found_at: { column: 'as_of' },
      },
    },
    { appendOnly: 'findings' },
    // Messages that were taken are looked for by when that was.
    { createIndex: 'deliveries_by_end', on: 'deliveries (delivered_at)' },
  ],
};
