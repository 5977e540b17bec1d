/** A lockfile's example → the changes that rules would be asked about. */
import type { Change } from '../../src/model/change.ts';
import type { LockExample } from '../../src/rule.ts';

export function changesFromLockExample(example: LockExample): readonly [Change, ...Change[]] {
  throw new Error(`no lockfile is written for "${example.title}" yet`);
}
