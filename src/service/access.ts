/**
 * Who may ask what. A token is `sluice_<id>_<secret>`; the store knows the hash of the whole.
 * Without any token the service is for this machine only.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { GuardError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { type Scope, scopes } from '../store/make-token.ts';
import { listTokens } from '../store/stored-tokens.ts';

/** Who asks. */
export interface Caller {
  /** Undefined where no token is needed. */
  readonly tokenId: string | undefined;
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
}

const anybody: Caller = { tokenId: undefined, name: 'this machine', scopes: new Set(scopes) };
const form = /^Bearer +sluice_([0-9a-f]{32})_[\w-]{43}$/i;
const nothing = hash('sha256', '', 'buffer');

export class Access {
  readonly #database: Database;
  readonly #tokens = new Map<string, { readonly hash: Buffer; readonly caller: Caller }>();
  #isRequired: boolean;

  /** @param isRequired Whether tokens are asked for even where there are none. */
  constructor(database: Database, isRequired: boolean) {
    this.#database = database;
    this.#isRequired = isRequired;
  }

  /** Once there was a token, nobody gets in without one again: the last one may have been revoked. */
  get isRequired(): boolean {
    return this.#isRequired;
  }

  get isEmpty(): boolean {
    return this.#tokens.size === 0;
  }

  /** Whether a token of this id is in force. */
  knows(id: string): boolean {
    return this.#tokens.has(id);
  }

  async refresh(): Promise<void> {
    const tokens = await listTokens(this.#database);
    this.#tokens.clear();
    for (const { id, name, hash: known, scopes: granted, revokedAt } of tokens) {
      if (revokedAt !== undefined) continue;
      this.#tokens.set(id, {
        hash: Buffer.from(known, 'hex'),
        caller: { tokenId: id, name, scopes: new Set(granted) },
      });
    }
    if (this.#tokens.size > 0) this.#isRequired = true;
  }

  /** Throws a GuardError where nobody in particular asks. */
  identify(authorization: string | undefined): Caller {
    if (!this.#isRequired) return anybody;
    if (authorization === undefined)
      throw new GuardError('token-missing', 'This service answers callers with a token.');
    const id = form.exec(authorization)?.[1]?.toLowerCase();
    const token = id === undefined ? undefined : this.#tokens.get(id);
    const given = hash('sha256', authorization.replace(/^Bearer +/i, ''), 'buffer');
    // Compared whether there is such a token or not: the time tells nothing.
    const isSame = timingSafeEqual(given, token?.hash ?? nothing);
    if (token === undefined || !isSame) throw new GuardError('token-invalid', 'This token is not in force here.');
    return token.caller;
  }
}

export function demandScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw new GuardError(
    'scope-missing',
    `This takes a token with the scope "${scope}"; yours has ${[...caller.scopes].join(', ')}.`,
  );
}
