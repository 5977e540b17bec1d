/** Randomness that depends on what is asked for and on nothing else: any one mutant can be made again alone. */
import { createHash } from 'node:crypto';
import { createRandom, type Random } from '../../test/support/random.ts';

export type { Random } from '../../test/support/random.ts';

export function randomFor(...key: readonly (string | number)[]): Random {
  return createRandom(createHash('sha256').update(key.join('\n')).digest().readInt32LE(0));
}

/** A new list; the given one stays as it is. */
export function shuffle<T>(entries: readonly T[], random: Random): T[] {
  const shuffled = [...entries];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [left, right] = [shuffled[at], shuffled[other]];
    if (left === undefined || right === undefined) continue;
    shuffled[at] = right;
    shuffled[other] = left;
  }
  return shuffled;
}
