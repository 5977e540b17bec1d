/** What single files do, by their contents: what was analysed once need not be analysed again. */
import type { Migration } from '../src/store/migration.ts';

export const behaviors: Migration = {
  id: '0004-behaviors',
  steps: [
    {
      createTable: 'behaviors',
      columns: [
        // Digest of a file's bytes, and its ending: that decides how they are read.
        "contents TEXT NOT NULL PRIMARY KEY CHECK (contents <> '')",
        // Digest of the code that read it. What another analysis said is no answer, and makes way.
        "analysis TEXT NOT NULL CHECK (analysis <> '')",
        // The day on which it was last asked for.
        'used_on TEXT NOT NULL',
        'summary BYTES NOT NULL',
        // Length of the summary: the index has all that pruning wants to know.
        'bytes INTEGER NOT NULL CHECK (bytes >= 0)',
        // Of contents, analysis and summary.
        'checksum TEXT NOT NULL',
      ],
    },
    { createIndex: 'behaviors_by_use', on: 'behaviors (used_on, bytes)' },
  ],
};
