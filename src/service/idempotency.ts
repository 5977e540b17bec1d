/** `Idempotency-Key`: the same request sent again makes nothing new, and gets what it made the first time. */
import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { GuardError } from '../errors.ts';
import type { SqlStatement } from '../store/database.ts';
import { deleteIdempotencyKeysBefore, findIdempotencyKey, insertIdempotencyKey } from '../store/idempotency-keys.ts';
import { callerOf } from './require-scope.ts';
import type { Service } from './service.ts';

export interface Idempotency {
  /** The id of what the same request has made. */
  readonly made: string | undefined;
  /** To be written with what is made. */
  record(made: string): readonly SqlStatement[];
}

const lifetimeMs = 86_400_000;
const none: Idempotency = { made: undefined, record: () => [] };

/** Throws a GuardError where the key came with another request before. */
export async function readIdempotency(request: FastifyRequest, { database, now }: Service): Promise<Idempotency> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return none;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new GuardError('request-invalid', '"Idempotency-Key" must be 1 to 200 visible ASCII characters.');
  }
  const owner = callerOf(request).tokenId ?? '';
  const fingerprint = hash('sha256', JSON.stringify([request.method, request.routeOptions.url, request.body ?? null]));
  const at = now();
  const oldest = new Date(at.getTime() - lifetimeMs).toISOString();
  const found = await findIdempotencyKey(database, owner, key);
  const known = found !== undefined && found.createdAt >= oldest ? found : undefined;
  if (known !== undefined && known.fingerprint !== fingerprint) {
    throw new GuardError('idempotency-key-reused', 'This "Idempotency-Key" came with another request before.');
  }
  const createdAt = at.toISOString();
  return {
    made: known?.made,
    record: (made) => [
      deleteIdempotencyKeysBefore(oldest),
      insertIdempotencyKey({ owner, key, fingerprint, made, createdAt }),
    ],
  };
}
