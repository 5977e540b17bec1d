/** Ids that nobody guesses, the later ones greater: a list of them has its own order. */
import { randomBytes } from 'node:crypto';

export function makeId(now: Date): string {
  return `${now.getTime().toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`;
}
