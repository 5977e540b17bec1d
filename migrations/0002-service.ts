/** What the verdict API keeps: answers as callers get them, work that was accepted, who may ask, and what was let pass. */
import type { Migration } from '../src/store/migration.ts';

export const service: Migration = {
  id: '0002-service',
  steps: [
    {
      createTable: 'answers',
      columns: [
        // A digest of what was asked by name: package, versions, registry, claimed digests, policy, rules, engine.
        "question TEXT NOT NULL CHECK (question <> '')",
        'as_of TEXT NOT NULL',
        // 0: the answer depends on the moment (a registry was down), and is kept for whoever waits for it.
        'lasting INTEGER NOT NULL CHECK (lasting IN (0, 1))',
        'registry TEXT NOT NULL',
        'name TEXT NOT NULL',
        'from_version TEXT',
        'to_version TEXT NOT NULL',
        // Of the new tarball's bytes; none where there were none to read.
        'integrity TEXT',
        "result TEXT NOT NULL CHECK (result IN ('allow', 'review', 'block', 'undecided'))",
        'verdict_id TEXT NOT NULL',
        'rules TEXT NOT NULL',
        // Digest of the policy's own file: what was approved besides is in the question and in the document.
        'policy TEXT NOT NULL',
        'engine TEXT NOT NULL',
        // 1: findings and exemptions change with the day.
        'changes_daily INTEGER NOT NULL CHECK (changes_daily IN (0, 1))',
        // JSON, byte for byte as it is given out.
        'document TEXT NOT NULL',
        // Of question and document: a spoiled row is no answer. It is the answer's ETag, too.
        'checksum TEXT NOT NULL',
        'PRIMARY KEY (question, as_of)',
      ],
    },
    { createIndex: 'answers_by_id', on: 'answers (verdict_id, as_of)' },
    { createIndex: 'answers_by_release', on: 'answers (name, to_version)' },
    // What the command line remembered is asked for by release, too.
    { createIndex: 'verdicts_by_release', on: 'verdicts (name, to_version)' },
    { appendOnly: 'answers' },
    {
      createTable: 'jobs',
      columns: [
        "id TEXT NOT NULL PRIMARY KEY CHECK (id <> '')",
        "kind TEXT NOT NULL CHECK (kind IN ('verdict', 'check'))",
        'question TEXT NOT NULL',
        // JSON; of a check it is in `checks`.
        'request TEXT NOT NULL',
        "state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed'))",
        'attempts INTEGER NOT NULL CHECK (attempts >= 0)',
        'asked_at TEXT NOT NULL',
        'ended_at TEXT',
        // JSON: why it failed.
        'problem TEXT',
      ],
    },
    // Equal questions are one job.
    { createUniqueIndex: 'jobs_open', on: "jobs (question) WHERE state IN ('waiting', 'running')" },
    { createIndex: 'jobs_by_question', on: 'jobs (question, asked_at)' },
    {
      createTable: 'checks',
      columns: [
        'id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id)',
        // Gzipped JSON: lockfiles are long.
        'request BYTES NOT NULL',
        'asked_at TEXT NOT NULL',
        // The token's name, or nothing where none is needed.
        'asked_by TEXT',
        "result TEXT CHECK (result IN ('allow', 'review', 'block', 'undecided'))",
        // JSON, as it is given out.
        'document TEXT',
        // JSON, as the guard returned it: reports are made of it.
        'verdict TEXT',
        // Of id, document and verdict.
        'checksum TEXT',
      ],
    },
    {
      createTable: 'approvals',
      columns: [
        'id TEXT NOT NULL PRIMARY KEY',
        'name TEXT NOT NULL',
        'version TEXT NOT NULL',
        "integrity TEXT NOT NULL CHECK (integrity <> '')",
        'rule TEXT NOT NULL',
        // Digest of the policy under which it was given.
        'policy TEXT NOT NULL',
        "reason TEXT NOT NULL CHECK (reason <> '')",
        // The last day, UTC.
        'expires TEXT NOT NULL',
        'given_by TEXT NOT NULL',
        'given_at TEXT NOT NULL',
        'revoked_by TEXT',
        'revoked_at TEXT',
      ],
    },
    { createIndex: 'approvals_by_policy', on: 'approvals (policy)' },
    {
      createTable: 'tokens',
      columns: [
        'id TEXT NOT NULL PRIMARY KEY',
        'name TEXT NOT NULL',
        // Of the token's 256 random bits: the token itself is nowhere.
        'hash TEXT NOT NULL UNIQUE',
        // Words with a space between them: read, check, approve.
        "scopes TEXT NOT NULL CHECK (scopes <> '')",
        'created_at TEXT NOT NULL',
        'revoked_at TEXT',
      ],
    },
    {
      createTable: 'audit_log',
      columns: [
        'id TEXT NOT NULL PRIMARY KEY',
        'at TEXT NOT NULL',
        'actor TEXT NOT NULL',
        "action TEXT NOT NULL CHECK (action IN ('token-created', 'token-revoked', 'approval-given', 'approval-revoked', 'check-asked', 'job-crashed'))",
        'about TEXT NOT NULL',
      ],
    },
    { appendOnly: 'audit_log' },
    {
      createTable: 'deliveries',
      columns: [
        // The webhook's message id: a receiver that gets it twice knows.
        'id TEXT NOT NULL PRIMARY KEY',
        'url TEXT NOT NULL',
        // JSON, byte for byte as it is signed.
        'body TEXT NOT NULL',
        'created_at TEXT NOT NULL',
        'delivered_at TEXT',
      ],
    },
    {
      createTable: 'idempotency_keys',
      columns: [
        // Whose key it is: a token's id, or nothing where none is needed.
        'owner TEXT NOT NULL',
        'key TEXT NOT NULL',
        // Of the request: the same key with another one is a mistake.
        'fingerprint TEXT NOT NULL',
        // Of what the request made.
        'made TEXT NOT NULL',
        'created_at TEXT NOT NULL',
        'PRIMARY KEY (owner, key)',
      ],
    },
  ],
};
