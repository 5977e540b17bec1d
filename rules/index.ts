/** Every rule there is, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { dependencySourceAdded } from './code/dependency-source-added.ts';
import { integrityMismatch } from './release/integrity-mismatch.ts';

export const rules: readonly Rule[] = [dependencySourceAdded, integrityMismatch];
