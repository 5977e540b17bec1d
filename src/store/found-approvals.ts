/** What was let pass outside the policy's own file, for whoever judges under that policy. */
import type { Approval } from '../model/approval.ts';
import type { Database } from './database.ts';

/** @param policy Its digest. */
export async function findApprovals(database: Database, policy: string): Promise<readonly Approval[]> {
  const rows = await database.read({
    sql:
      'SELECT name, version, integrity, rule, reason, expires, given_by FROM approvals ' +
      'WHERE policy = $1 AND revoked_at IS NULL ORDER BY id',
    values: [policy],
  });
  return rows.map(({ name, version, integrity, rule, reason, expires, given_by: by }) => ({
    name: String(name),
    version: String(version),
    exemption: {
      package: String(integrity),
      rule: String(rule),
      reason: String(reason),
      expires: String(expires),
      by: String(by),
    },
  }));
}
