/** Answers by question, and packuments by registry and name. */
import type { Migration } from '../src/store/migration.ts';

export const verdicts: Migration = {
  id: '0001-verdicts',
  steps: [
    {
      createTable: 'verdicts',
      columns: [
        // A digest of the question: subject digests, registry, policy, rules, engine.
        "question TEXT NOT NULL CHECK (question <> '')",
        // The same question may be asked again later: the newest answer holds.
        'as_of TEXT NOT NULL',
        'name TEXT NOT NULL',
        'from_version TEXT',
        'to_version TEXT NOT NULL',
        "result TEXT NOT NULL CHECK (result IN ('allow', 'review', 'block', 'undecided'))",
        // What doors call it: not unique, because the same answer may stand at several moments.
        'verdict_id TEXT NOT NULL',
        // JSON, as the engine returned it.
        'verdict TEXT NOT NULL',
        // Of question and verdict: a spoiled row is no answer.
        'checksum TEXT NOT NULL',
        'PRIMARY KEY (question, as_of)',
      ],
    },
    { createIndex: 'verdicts_by_id', on: 'verdicts (verdict_id)' },
    { appendOnly: 'verdicts' },
    {
      createTable: 'packuments',
      columns: [
        'registry TEXT NOT NULL',
        'name TEXT NOT NULL',
        'fetched_at TEXT NOT NULL',
        'etag TEXT',
        'outline TEXT NOT NULL',
        'entries BYTES NOT NULL',
        'checksum TEXT NOT NULL',
        'PRIMARY KEY (registry, name)',
      ],
    },
  ],
};
