/** Every rule there is, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { dependencySourceAdded } from './code/dependency-source-added.ts';
import { entryMissing } from './code/entry-missing.ts';
import { exportsLost } from './code/exports-lost.ts';
import { hiddenCode } from './code/hidden-code.ts';
import { installScriptAdded } from './code/install-script-added.ts';
import { invisibleCharacters } from './code/invisible-characters.ts';
import { packageEmptied } from './code/package-emptied.ts';
import { parseFailed } from './code/parse-failed.ts';
import { integrityMismatch } from './release/integrity-mismatch.ts';
import { manifestConfusion } from './release/manifest-confusion.ts';
import { versionAnomaly } from './release/version-anomaly.ts';

export const rules: readonly Rule[] = [
  dependencySourceAdded,
  entryMissing,
  exportsLost,
  hiddenCode,
  installScriptAdded,
  integrityMismatch,
  invisibleCharacters,
  manifestConfusion,
  packageEmptied,
  parseFailed,
  versionAnomaly,
];
