/** What is judged again and for whom, so that no news of it is lost; and how old rows are found. */
import type { Migration } from '../src/store/migration.ts';

export const upkeep: Migration = {
  id: '0003-upkeep',
  steps: [
    {
      createTable: 'reassessments',
      columns: [
        // Of the job that judges again: whichever process answers it tells what changed.
        "question TEXT NOT NULL CHECK (question <> '')",
        // The webhook that is told.
        'url TEXT NOT NULL',
        // A purl, or a check's id.
        'subject TEXT NOT NULL',
        'from_version TEXT',
        // What was answered before.
        "result TEXT NOT NULL CHECK (result IN ('allow', 'review', 'block', 'undecided'))",
        'verdict_id TEXT NOT NULL',
        // Digest of what a reader would call the same answer.
        'summary TEXT NOT NULL',
        'PRIMARY KEY (question, url)',
      ],
    },
    { createIndex: 'jobs_by_end', on: 'jobs (ended_at)' },
    { createIndex: 'checks_by_time', on: 'checks (asked_at)' },
  ],
};
