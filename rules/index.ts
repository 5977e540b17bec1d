/** Every rule there is, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { dependencySourceAdded } from './code/dependency-source-added.ts';
import { hiddenCode } from './code/hidden-code.ts';
import { invisibleCharacters } from './code/invisible-characters.ts';
import { integrityMismatch } from './release/integrity-mismatch.ts';
import { manifestConfusion } from './release/manifest-confusion.ts';
import { versionAnomaly } from './release/version-anomaly.ts';

export const rules: readonly Rule[] = [
  dependencySourceAdded,
  hiddenCode,
  integrityMismatch,
  invisibleCharacters,
  manifestConfusion,
  versionAnomaly,
];
