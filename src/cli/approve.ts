/** `sluice approve`: lets one tarball pass one rule, for a reason and until a day. */
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { nameSettings } from '../guard/approved-policy.ts';
import { exactVersion, packageName } from '../model/package-spec.ts';
import { escapeTerminal } from '../report/escape-terminal.ts';
import type { Database } from '../store/database.ts';
import { makeId } from '../store/make-id.ts';
import { listIntegrities } from '../store/stored-answers.ts';
import {
  findApproval,
  insertApproval,
  listApprovals,
  revokeApproval,
  type StoredApproval,
} from '../store/stored-approvals.ts';
import type { Answer } from './answer.ts';
import { loadPolicy } from './judge-options.ts';
import { nameUser, withLedger } from './open-ledger.ts';

export interface ApproveOptions {
  readonly db?: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly integrity?: string;
  readonly policy?: string;
  readonly list?: boolean;
  readonly revoke?: string;
}

const shown = 500;

export async function approve(spec: string | undefined, options: ApproveOptions): Promise<Answer> {
  const { db, list, revoke } = options;
  if (list === true) return withLedger(db, showApprovals);
  if (revoke !== undefined) return withLedger(db, (database) => takeBack(database, revoke));
  const now = new Date();
  const { name, version } = parseSpec(spec);
  const wish = { ...readWish(options, now), name, version };
  const { policy } = nameSettings(rules, await loadPolicy(options.policy));
  return withLedger(db, async (database) => {
    const integrity = options.integrity ?? (await findIntegrity(database, name, version));
    const by = nameUser();
    const given = { ...wish, integrity, policy, id: makeId(now), by, givenAt: now.toISOString() };
    await database.write(insertApproval(given));
    return { exit: 0, text: `Approved ${describe(given)}\n` };
  });
}

async function showApprovals(database: Database): Promise<Answer> {
  const approvals = await listApprovals(database, { before: undefined, name: undefined, limit: shown });
  const lines = approvals.map(describe);
  return { exit: 0, text: lines.length === 0 ? 'Nothing is approved.\n' : `${lines.join('\n')}\n` };
}

async function takeBack(database: Database, id: string): Promise<Answer> {
  const approval = await findApproval(database, id);
  if (approval === undefined) {
    throw new GuardError('usage', `There is no approval "${id}" in force; \`sluice approve --list\` shows the ids.`);
  }
  await database.write(revokeApproval(approval, nameUser(), new Date()));
  return { exit: 0, text: `Took back ${describe(approval)}\n` };
}

function describe({ id, name, version, rule, expires, by, reason }: StoredApproval): string {
  return escapeTerminal(`${id}: ${rule} for ${name}@${version} until ${expires}, by ${by}: ${reason}`);
}

function parseSpec(spec: string | undefined): { readonly name: string; readonly version: string } {
  if (spec === undefined) throw new GuardError('usage', 'Name what to approve, as in `sluice approve left-pad@1.3.0`.');
  const at = spec.indexOf('@', 1);
  const name = spec.slice(0, at === -1 ? spec.length : at);
  const version = at === -1 ? undefined : exactVersion.exec(spec.slice(at + 1))?.[1];
  if (version !== undefined && packageName.test(name)) return { name, version };
  throw new GuardError('package-spec-invalid', `"${spec}" is no package with one exact version.`);
}

function readWish(
  { rule, reason, expires, integrity }: ApproveOptions,
  now: Date,
): Pick<StoredApproval, 'rule' | 'reason' | 'expires'> {
  if (rule === undefined || !rules.some(({ id }) => id === rule)) {
    const problem = rule === undefined ? 'Name the rule with --rule.' : `There is no rule called "${rule}".`;
    throw new GuardError('usage', `${problem} \`sluice rules\` lists them all.`);
  }
  if (reason === undefined || reason.trim() === '' || reason.length > 2_000) {
    throw new GuardError('usage', 'Say why with --reason, in a sentence or two.');
  }
  const instant = new Date(`${expires}T00:00:00Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === expires;
  if (expires === undefined || !exists || expires < now.toISOString().slice(0, 10)) {
    throw new GuardError('usage', 'Say until when with --expires, as a day to come: 2026-03-31.');
  }
  if (integrity !== undefined && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) {
    throw new GuardError('usage', '--integrity must be the sha512 of the tarball, as a lockfile writes it.');
  }
  return { rule, reason, expires };
}

/** What was judged is what is let pass. */
async function findIntegrity(database: Database, name: string, version: string): Promise<string> {
  const found = await listIntegrities(database, name, version);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why = only === undefined ? 'no verdict on it is stored' : 'verdicts on several tarballs of it are stored';
  throw new GuardError(
    'usage',
    `Name the tarball of ${name}@${version} with --integrity: ${why}. \`sluice diff --json\` shows the digest.`,
  );
}
