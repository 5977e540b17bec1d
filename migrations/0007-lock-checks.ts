/** Whole checks of lockfiles, for those who ask the same again a moment later. */
import type { Migration } from '../src/store/migration.ts';

export const lockChecks: Migration = {
  id: '0007-lock-checks',
  steps: [
    // Few rows at any time: no index is needed to find the old ones.
    {
      createTable: 'lock_checks',
      columns: [
        // A digest of all that decides the answer.
        "question TEXT NOT NULL PRIMARY KEY CHECK (question <> '')",
        'as_of TEXT NOT NULL',
        // As the guard packs it.
        'answer BYTES NOT NULL',
        // Of question, instant and answer.
        'checksum TEXT NOT NULL',
      ],
    },
  ],
};
