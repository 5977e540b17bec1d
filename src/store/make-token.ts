/** A token for `sluice serve`: `sluice_<id>_<secret>`. The store knows the hash of the whole, and nobody the text again. */
import { hash, randomBytes } from 'node:crypto';
import { makeId } from './make-id.ts';
import type { StoredToken } from './stored-tokens.ts';

export const scopes = ['read', 'check', 'approve'] as const;
/** read: what is stored · check: what has to be computed · approve: approvals. */
export type Scope = (typeof scopes)[number];

export function makeToken(
  name: string,
  granted: readonly Scope[],
  now: Date,
): { readonly text: string; readonly token: StoredToken } {
  const id = makeId(now);
  const text = `sluice_${id}_${randomBytes(32).toString('base64url')}`;
  const createdAt = now.toISOString();
  return { text, token: { id, name, hash: hash('sha256', text), scopes: granted, createdAt, revokedAt: undefined } };
}
