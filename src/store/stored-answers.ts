/**
 * Verdicts as callers get them: the very bytes, found by what was asked by name or by the verdict's id.
 * A row is never changed: the same question asked later adds one, and the newest is found.
 */
import { hash } from 'node:crypto';
import type { Conclusion, Verdict } from '../model/verdict.ts';
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';
import type { Tables } from './tables.ts';

export interface Answer extends FoundAnswer {
  readonly question: string;
  readonly registry: string;
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly rules: string;
  readonly policy: string;
  readonly engine: string;
}

export interface FoundAnswer {
  /** ISO 8601 instant of the question. */
  readonly asOf: string;
  /** False where it depends on the moment, and is kept for whoever waits for it. */
  readonly lasting: boolean;
  /** Whether findings and exemptions make it a matter of the day. */
  readonly changesDaily: boolean;
  readonly result: Conclusion;
  readonly verdictId: string;
  /** Of the new tarball's bytes. */
  readonly integrity: string | undefined;
  /** JSON. */
  readonly document: string;
}

/** With the checksum of question and document, which is its ETag. */
export interface StoredAnswer extends FoundAnswer {
  readonly checksum: string;
}

const found = [
  'question',
  'as_of',
  'lasting',
  'changes_daily',
  'result',
  'verdict_id',
  'integrity',
  'document',
  'checksum',
] as const;

/** Written once: this is asked for every request. */
const byQuestion = toStatement(
  query
    .selectFrom('answers')
    .select(found)
    .where('question', '=', '')
    .where('as_of', '<=', '')
    .orderBy('as_of', 'desc')
    .limit(1),
);
const byId = toStatement(
  query.selectFrom('answers').select(found).where('verdict_id', '=', '').orderBy('as_of', 'desc').limit(1),
);

/** @param now ISO 8601 instant. A clock that was set back would otherwise find what it wrote before for ever. */
export function findAnswer(database: Database, question: string, now: string): Promise<StoredAnswer | undefined> {
  return findOne(database, byQuestion, [question, now]);
}

export function findAnswerById(database: Database, verdictId: string): Promise<StoredAnswer | undefined> {
  return findOne(database, byId, [verdictId]);
}

/** The digests of the tarballs that were read for a release, by the service or by the command line. */
export async function listIntegrities(database: Database, name: string, version: string): Promise<readonly string[]> {
  const answers = query.selectFrom('answers').select('integrity').where('name', '=', name);
  const verdicts = query.selectFrom('verdicts').select('verdict').where('name', '=', name);
  const answered = await readRows(database, answers.where('to_version', '=', version).distinct().limit(maxListed));
  const remembered = await readRows(database, verdicts.where('to_version', '=', version).limit(maxListed));
  const digests = [
    ...answered.map(({ integrity }) => integrity ?? undefined),
    // Safe: the command line wrote a Verdict there.
    ...remembered.map(({ verdict }) => (JSON.parse(verdict) as Verdict).subject.integrity.to),
  ];
  return [...new Set(digests.flatMap((digest) => digest ?? []))];
}

const maxListed = 100;

/** Changes nothing where it is there already. */
export function insertAnswer(answer: Answer): SqlStatement {
  const row = toRow(answer);
  insertion ??= toStatement(
    query
      .insertInto('answers')
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  ).sql;
  return { sql: insertion, values: Object.values(row) };
}

/** Written once: a check stores an answer for each of its packages. */
let insertion: string | undefined;

/** Always with the same columns, in the same order. */
function toRow(answer: Answer): Tables['answers'] {
  const { question, document } = answer;
  return {
    question,
    as_of: answer.asOf,
    lasting: answer.lasting ? 1 : 0,
    registry: answer.registry,
    name: answer.name,
    from_version: answer.from ?? null,
    to_version: answer.to,
    integrity: answer.integrity ?? null,
    result: answer.result,
    verdict_id: answer.verdictId,
    rules: answer.rules,
    policy: answer.policy,
    engine: answer.engine,
    changes_daily: answer.changesDaily ? 1 : 0,
    document,
    checksum: checksumOf(question, document),
  };
}

/** A row that a failing disk has spoiled, or that stands under another question, is no answer. */
export function checksumOf(question: string, document: string): string {
  return hash('sha256', `${question}\n${document}`);
}

async function findOne(
  database: Database,
  { sql }: SqlStatement,
  keys: readonly string[],
): Promise<StoredAnswer | undefined> {
  const [row] = await database.read({ sql, values: [...keys, 1] });
  if (row === undefined) return undefined;
  const { question, document, checksum } = row;
  if (typeof question !== 'string' || typeof document !== 'string' || typeof checksum !== 'string') return undefined;
  if (checksumOf(question, document) !== checksum) return undefined;
  return {
    asOf: String(row['as_of']),
    lasting: row['lasting'] === 1,
    changesDaily: row['changes_daily'] === 1,
    // Safe: the table's own check lets no other word in.
    result: row['result'] as Conclusion,
    verdictId: String(row['verdict_id']),
    integrity: typeof row['integrity'] === 'string' ? row['integrity'] : undefined,
    document,
    checksum,
  };
}
