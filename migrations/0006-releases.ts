/** With which bytes a release was read: a version that was published never changes. */
import type { Migration } from '../src/store/migration.ts';

export const releases: Migration = {
  id: '0006-releases',
  steps: [
    {
      createTable: 'releases',
      columns: [
        // The same name may mean something else at another registry.
        'registry TEXT NOT NULL',
        'name TEXT NOT NULL',
        'version TEXT NOT NULL',
        // SRI of the very bytes, for which the registry vouched.
        "integrity TEXT NOT NULL CHECK (integrity <> '')",
        'first_read_at TEXT NOT NULL',
        // Of all of these: a spoiled row is no accusation.
        'checksum TEXT NOT NULL',
        'PRIMARY KEY (registry, name, version, integrity)',
      ],
    },
    { appendOnly: 'releases' },
  ],
};
