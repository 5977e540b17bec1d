/** `Idempotency-Key`: the same request sent again makes nothing new, and gets what it made the first time. */
import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { GuardError } from '../errors.ts';
import type { SqlStatement } from '../store/database.ts';
import { deleteIdempotencyKeysBefore, findIdempotencyKey, insertIdempotencyKey } from '../store/idempotency-keys.ts';
import { callerOf } from './require-scope.ts';
import type { Service } from './service.ts';

type Recording = (made: string) => readonly SqlStatement[];

const lifetimeMs = 86_400_000;

/**
 * Throws a GuardError where the key came with another request before.
 * @param make Writes what `record` gives together with what it makes, and returns its id.
 * @returns The id of what the request makes, or has made.
 */
export async function makeOnce(
  request: FastifyRequest,
  { database, now }: Service,
  make: (record: Recording) => Promise<string>,
): Promise<string> {
  const key = parseKey(request);
  if (key === undefined) return make(() => []);
  const owner = callerOf(request).tokenId ?? '';
  const fingerprint = hash('sha256', JSON.stringify([request.method, request.routeOptions.url, request.body ?? null]));
  const at = now();
  const oldest = new Date(at.getTime() - lifetimeMs).toISOString();
  const findMade = async (): Promise<string | undefined> => {
    const found = await findIdempotencyKey(database, owner, key);
    if (found === undefined || found.createdAt < oldest) return undefined;
    if (found.fingerprint === fingerprint) return found.made;
    throw new GuardError('idempotency-key-reused', 'This "Idempotency-Key" came with another request before.');
  };
  const createdAt = at.toISOString();
  const record: Recording = (made) => [
    deleteIdempotencyKeysBefore(oldest),
    insertIdempotencyKey({ owner, key, fingerprint, made, createdAt }),
  ];
  const made = await findMade();
  if (made !== undefined) return made;
  try {
    return await make(record);
  } catch (error) {
    // Nothing was written. The same key may have come a second time before the first was through.
    const meanwhile = await findMade();
    if (meanwhile !== undefined) return meanwhile;
    throw error;
  }
}

function parseKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key))) return key;
  throw new GuardError('request-invalid', '"Idempotency-Key" must be 1 to 200 visible ASCII characters.');
}
