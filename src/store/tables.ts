/** The tables' columns as the queries see them; the migrations make them. */
import type { Finding } from '../model/finding.ts';
import type { Conclusion } from '../model/verdict.ts';

export interface Tables {
  readonly verdicts: VerdictsTable;
  readonly answers: AnswersTable;
  readonly findings: FindingsTable;
  readonly jobs: JobsTable;
  readonly checks: ChecksTable;
  readonly approvals: ApprovalsTable;
  readonly tokens: TokensTable;
  readonly audit_log: AuditLogTable;
  readonly deliveries: DeliveriesTable;
  readonly idempotency_keys: IdempotencyKeysTable;
  readonly reassessments: ReassessmentsTable;
}

interface VerdictsTable {
  readonly name: string;
  readonly to_version: string;
  /** JSON. */
  readonly verdict: string;
}

interface AnswersTable {
  readonly question: string;
  readonly as_of: string;
  readonly lasting: 0 | 1;
  readonly registry: string;
  readonly name: string;
  readonly from_version: string | null;
  readonly to_version: string;
  readonly integrity: string | null;
  readonly result: Conclusion;
  readonly verdict_id: string;
  readonly rules: string;
  readonly policy: string;
  readonly engine: string;
  readonly changes_daily: 0 | 1;
  readonly document: string;
  readonly checksum: string;
}

interface FindingsTable {
  readonly id: string;
  readonly verdict_id: string;
  readonly rule: string;
  readonly level: Finding['level'];
  readonly name: string;
  readonly version: string;
  readonly found_at: string;
}

export type JobKind = 'verdict' | 'check';
export type JobState = 'waiting' | 'running' | 'done' | 'failed';

interface JobsTable {
  readonly id: string;
  readonly kind: JobKind;
  readonly question: string;
  readonly request: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly asked_at: string;
  readonly ended_at: string | null;
  readonly problem: string | null;
}

interface ChecksTable {
  readonly id: string;
  readonly request: Uint8Array;
  readonly asked_at: string;
  readonly asked_by: string | null;
  readonly result: Conclusion | null;
  readonly document: string | null;
  readonly verdict: string | null;
  readonly checksum: string | null;
}

interface ApprovalsTable {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly rule: string;
  readonly policy: string;
  readonly reason: string;
  readonly expires: string;
  readonly given_by: string;
  readonly given_at: string;
  readonly revoked_by: string | null;
  readonly revoked_at: string | null;
}

interface TokensTable {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly scopes: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

export type AuditAction =
  | 'token-created'
  | 'token-revoked'
  | 'approval-given'
  | 'approval-revoked'
  | 'check-asked'
  | 'job-crashed';

interface AuditLogTable {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: AuditAction;
  readonly about: string;
}

interface DeliveriesTable {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly created_at: string;
  readonly delivered_at: string | null;
}

interface IdempotencyKeysTable {
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly made: string;
  readonly created_at: string;
}

interface ReassessmentsTable {
  readonly question: string;
  readonly url: string;
  readonly subject: string;
  readonly from_version: string | null;
  readonly result: Conclusion;
  readonly verdict_id: string;
  readonly summary: string;
}
