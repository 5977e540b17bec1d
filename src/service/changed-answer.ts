/** What a webhook is told: an answer that comes out otherwise than before. */
import { hash } from 'node:crypto';
import { isRecord } from '../model/manifest.ts';
import type { Conclusion } from '../model/verdict.ts';
import type { SqlStatement } from '../store/database.ts';
import { insertDelivery } from '../store/deliveries.ts';
import { makeId } from '../store/make-id.ts';
import type { AnsweredBefore, Reassessment } from '../store/reassessments.ts';
import type { JobReturn } from './job-worker.ts';

export interface ChangedAnswer {
  readonly type: 'verdict.changed' | 'check.changed';
  readonly timestamp: string;
  readonly data: {
    /** A purl, or the check's id. */
    readonly subject: string;
    readonly from: string | null;
    readonly before: { readonly result: Conclusion; readonly id: string };
    readonly after: { readonly result: Conclusion; readonly id: string };
  };
}

export interface AnsweredNow {
  readonly type: ChangedAnswer['type'];
  /** ISO 8601 instant at which it was stored. */
  readonly at: string;
  readonly result: Conclusion;
  readonly id: string;
  /** JSON. */
  readonly document: string;
}

/** Undefined where not everything could be had today: that is no news of the package. */
export function describeAnswer(
  job: string,
  returned: Exclude<JobReturn, { kind: 'refused' }>,
  at: string,
): AnsweredNow | undefined {
  if (returned.kind === 'judged') {
    const { lasting, result, verdictId: id, document } = returned.judged;
    return lasting ? { type: 'verdict.changed', at, result, id, document } : undefined;
  }
  const { result, document } = returned;
  return result === 'undecided' ? undefined : { type: 'check.changed', at, result, id: job, document };
}

/** Undefined where a reader would call it the same answer. */
export function findChange(before: AnsweredBefore, now: AnsweredNow): ChangedAnswer | undefined {
  if (before.summary === summarize(now.document)) return undefined;
  const { type, at: timestamp, result, id } = now;
  const { subject, from } = before;
  return {
    type,
    timestamp,
    data: { subject, from, before: { result: before.result, id: before.id }, after: { result, id } },
  };
}

/** Messages to those who want to hear of it, to be written together with the answer itself: who is not there now is told later. */
export function tellChange(reassessments: readonly Reassessment[], now: AnsweredNow): readonly SqlStatement[] {
  return reassessments.flatMap(({ url, before }) => {
    const change = findChange(before, now);
    if (change === undefined) return [];
    const id = `msg_${makeId(new Date(now.at))}`;
    return [insertDelivery({ id, url, body: JSON.stringify(change), createdAt: now.at })];
  });
}

/** Digest of what a reader would call the same answer: its word, and what was found where. */
export function summarize(document: string): string {
  const verdict: unknown = JSON.parse(document);
  const { result, findings } = isRecord(verdict) ? verdict : {};
  const found = Array.isArray(findings) ? findings.filter(isRecord) : [];
  const told = found.map(({ rule, level, message, exemption }) => [rule, level, message, exemption !== null]);
  return hash('sha256', JSON.stringify([result, told.toSorted()]));
}
