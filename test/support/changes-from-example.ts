/** A rule's example → the changes that the rule would be asked about: one for two tarballs, one a package for two lockfiles. */
import type { Change } from '../../src/model/change.ts';
import { type Example, isLockExample, type LockExample } from '../../src/rule.ts';
import { changeFromExample } from './change-from-example.ts';
import { changesFromLockExample } from './changes-from-lock-example.ts';

export type ExampleChanges = readonly [Change, ...Change[]];

export async function changesFromExample(example: Example | LockExample): Promise<ExampleChanges> {
  return isLockExample(example) ? changesFromLockExample(example) : [await changeFromExample(example)];
}
