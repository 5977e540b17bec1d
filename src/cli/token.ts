/** `sluice token`: who may ask the verdict API. */
import { GuardError } from '../errors.ts';
import { escapeTerminal } from '../report/escape-terminal.ts';
import { makeId } from '../store/make-id.ts';
import { makeToken, type Scope, scopes } from '../store/make-token.ts';
import { insertAudit, insertToken, listTokens, revokeToken, type StoredToken } from '../store/stored-tokens.ts';
import type { Answer } from './answer.ts';
import { nameUser, withLedger } from './open-ledger.ts';
import { say } from './terminal.ts';

export interface TokenOptions {
  readonly db?: string;
  readonly scope?: string;
  readonly name?: string;
}

/** The token is the answer, alone on its line, so that it can be piped to where it is kept. */
export async function createToken({ db, scope, name = nameUser() }: TokenOptions): Promise<Answer> {
  const granted = parseScopes(scope);
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@/-]{0,99}$/u.test(name)) {
    throw new GuardError(
      'usage',
      '--name must be 1 to 100 letters, digits, spaces or . _ @ / -, and begin with a letter or digit.',
    );
  }
  const now = new Date();
  const { text, token } = makeToken(name, granted, now);
  await withLedger(db, (database) => database.write([insertToken(token), audit('token-created', token, now)]));
  say(`A token with the scope ${granted.join(', ')}, named ${name}. It is shown this once.`);
  return { exit: 0, text: `${text}\n` };
}

export async function showTokens({ db }: TokenOptions): Promise<Answer> {
  const tokens = await withLedger(db, listTokens);
  const lines = tokens.map(
    ({ id, name, scopes: granted, createdAt, revokedAt }) =>
      `${id}  ${createdAt.slice(0, 10)}  ${granted.join(',').padEnd(18)}  ${escapeTerminal(name)}${revokedAt === undefined ? '' : `  (revoked ${revokedAt.slice(0, 10)})`}`,
  );
  return { exit: 0, text: lines.length === 0 ? 'There are no tokens.\n' : `${lines.join('\n')}\n` };
}

/** @param id The token's id, or the token itself. */
export async function endToken(id: string, { db }: TokenOptions): Promise<Answer> {
  const wanted = /^sluice_([0-9a-f]{32})_/.exec(id)?.[1] ?? id;
  return withLedger(db, async (database) => {
    const token = (await listTokens(database)).find((one) => one.id === wanted);
    if (token === undefined)
      throw new GuardError('usage', 'There is no such token; `sluice token list` shows the ids.');
    const now = new Date();
    if (token.revokedAt === undefined) {
      await database.write([revokeToken(token.id, now.toISOString()), audit('token-revoked', token, now)]);
    }
    return { exit: 0, text: `Revoked ${token.id} (${escapeTerminal(token.name)}).\n` };
  });
}

function parseScopes(text: string | undefined): readonly Scope[] {
  const words = (text ?? '').split(',').map((word) => word.trim());
  const granted = scopes.filter((scope) => words.includes(scope));
  const unknown = words.find((word) => !granted.some((scope) => scope === word));
  if (unknown === undefined) return granted;
  throw new GuardError(
    'usage',
    `--scope must name one or more of ${scopes.join(', ')}, with commas between them${unknown === '' ? '' : `, not "${unknown}"`}.`,
  );
}

function audit(action: 'token-created' | 'token-revoked', { id, name, scopes: granted }: StoredToken, now: Date) {
  const about = `${id} ${name} (${granted.join(', ')})`;
  return insertAudit({ id: makeId(now), at: now.toISOString(), actor: nameUser(), action, about });
}
