/** Every rule there is, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { binaryAdded } from './code/binary-added.ts';
import { buildAsymmetry } from './code/build-asymmetry.ts';
import { capabilitiesGained } from './code/capabilities-gained.ts';
import { childProcessAtLoad } from './code/child-process-at-load.ts';
import { credentialsRead } from './code/credentials-read.ts';
import { decodedCodeExecuted } from './code/decoded-code-executed.ts';
import { dependencyAddedUnused } from './code/dependency-added-unused.ts';
import { dependencySourceAdded } from './code/dependency-source-added.ts';
import { endlessLoopAtLoad } from './code/endless-loop-at-load.ts';
import { entryMissing } from './code/entry-missing.ts';
import { evasionAdded } from './code/evasion-added.ts';
import { exportsLost } from './code/exports-lost.ts';
import { filesDestroyed } from './code/files-destroyed.ts';
import { globalsPatched } from './code/globals-patched.ts';
import { hiddenCode } from './code/hidden-code.ts';
import { hiddenNameCalled } from './code/hidden-name-called.ts';
import { hugeFileAdded } from './code/huge-file-added.ts';
import { installScriptAdded } from './code/install-script-added.ts';
import { installScriptPayload } from './code/install-script-payload.ts';
import { invisibleCharacters } from './code/invisible-characters.ts';
import { localeConditioned } from './code/locale-conditioned.ts';
import { networkAdded } from './code/network-added.ts';
import { notFullyRead } from './code/not-fully-read.ts';
import { obfuscationAdded } from './code/obfuscation-added.ts';
import { outputAtLoad } from './code/output-at-load.ts';
import { packageEmptied } from './code/package-emptied.ts';
import { parseFailed } from './code/parse-failed.ts';
import { persistenceWritten } from './code/persistence-written.ts';
import { processStoppedAtLoad } from './code/process-stopped-at-load.ts';
import { remoteCodeExecuted } from './code/remote-code-executed.ts';
import { secretSent } from './code/secret-sent.ts';
import { selfPropagation } from './code/self-propagation.ts';
import { gateEdited } from './pin/gate-edited.ts';
import { installScriptUnlisted } from './pin/install-script-unlisted.ts';
import { integrityChanged } from './pin/integrity-changed.ts';
import { integrityMissing } from './pin/integrity-missing.ts';
import { lockInSync } from './pin/lock-in-sync.ts';
import { lockTruth } from './pin/lock-truth.ts';
import { notInBundle } from './pin/not-in-bundle.ts';
import { sourceNotAllowed } from './pin/source-not-allowed.ts';
import { specNotExact } from './pin/spec-not-exact.ts';
import { integrityMismatch } from './release/integrity-mismatch.ts';
import { manifestConfusion } from './release/manifest-confusion.ts';
import { provenanceDropped } from './release/provenance-dropped.ts';
import { provenanceSourceChanged } from './release/provenance-source-changed.ts';
import { publisherChanged } from './release/publisher-changed.ts';
import { repositoryChanged } from './release/repository-changed.ts';
import { signatureInvalid } from './release/signature-invalid.ts';
import { typosquat } from './release/typosquat.ts';
import { versionAnomaly } from './release/version-anomaly.ts';
import { aheadOfTested } from './select/ahead-of-tested.ts';
import { excludedVersion } from './select/excluded-version.ts';
import { notMinimal } from './select/not-minimal.ts';
import { rottenFloor } from './select/rotten-floor.ts';
import { tooYoung } from './select/too-young.ts';
import { unforcedChange } from './select/unforced-change.ts';
import { unjustifiedDowngrade } from './select/unjustified-downgrade.ts';

export const rules: readonly Rule[] = [
  aheadOfTested,
  binaryAdded,
  buildAsymmetry,
  capabilitiesGained,
  childProcessAtLoad,
  credentialsRead,
  decodedCodeExecuted,
  dependencyAddedUnused,
  dependencySourceAdded,
  endlessLoopAtLoad,
  entryMissing,
  evasionAdded,
  excludedVersion,
  exportsLost,
  filesDestroyed,
  gateEdited,
  globalsPatched,
  hiddenCode,
  hiddenNameCalled,
  hugeFileAdded,
  installScriptAdded,
  installScriptPayload,
  installScriptUnlisted,
  integrityChanged,
  integrityMismatch,
  integrityMissing,
  invisibleCharacters,
  localeConditioned,
  lockInSync,
  lockTruth,
  manifestConfusion,
  networkAdded,
  notFullyRead,
  notInBundle,
  notMinimal,
  obfuscationAdded,
  outputAtLoad,
  packageEmptied,
  parseFailed,
  persistenceWritten,
  processStoppedAtLoad,
  provenanceDropped,
  provenanceSourceChanged,
  publisherChanged,
  remoteCodeExecuted,
  repositoryChanged,
  rottenFloor,
  secretSent,
  selfPropagation,
  signatureInvalid,
  sourceNotAllowed,
  specNotExact,
  tooYoung,
  typosquat,
  unforcedChange,
  unjustifiedDowngrade,
  versionAnomaly,
];
