/** Every rule there is, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { binaryAdded } from './code/binary-added.ts';
import { dependencyAddedUnused } from './code/dependency-added-unused.ts';
import { dependencySourceAdded } from './code/dependency-source-added.ts';
import { entryMissing } from './code/entry-missing.ts';
import { exportsLost } from './code/exports-lost.ts';
import { hiddenCode } from './code/hidden-code.ts';
import { installScriptAdded } from './code/install-script-added.ts';
import { invisibleCharacters } from './code/invisible-characters.ts';
import { notFullyRead } from './code/not-fully-read.ts';
import { packageEmptied } from './code/package-emptied.ts';
import { parseFailed } from './code/parse-failed.ts';
import { integrityMismatch } from './release/integrity-mismatch.ts';
import { manifestConfusion } from './release/manifest-confusion.ts';
import { versionAnomaly } from './release/version-anomaly.ts';

export const rules: readonly Rule[] = [
  binaryAdded,
  dependencyAddedUnused,
  dependencySourceAdded,
  entryMissing,
  exportsLost,
  hiddenCode,
  installScriptAdded,
  integrityMismatch,
  invisibleCharacters,
  manifestConfusion,
  notFullyRead,
  packageEmptied,
  parseFailed,
  versionAnomaly,
];
