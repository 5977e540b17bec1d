/** The list of the corpus, alphabetical, and nothing else. */
import { brokenRelease } from './broken-release.ts';
import { decryptingDependency } from './decrypting-dependency.ts';
import { desktopWriter } from './desktop-writer.ts';
import { downloadingDependency } from './downloading-dependency.ts';
import { downloadingHook } from './downloading-hook.ts';
import { forgedRelease } from './forged-release.ts';
import { loopToInfinity } from './loop-to-infinity.ts';
import { messageByPlace } from './message-by-place.ts';
import { patchedBrowserGlobals } from './patched-browser-globals.ts';
import { sentSecret } from './sent-secret.ts';
import { shellAtLoad } from './shell-at-load.ts';
import { startedLibrary } from './started-library.ts';
import { unseenCode } from './unseen-code.ts';
import type { CorpusCase } from './update.ts';
import { walkThatOverwrites } from './walk-that-overwrites.ts';

export const cases: readonly CorpusCase[] = [
  brokenRelease,
  decryptingDependency,
  desktopWriter,
  downloadingDependency,
  downloadingHook,
  forgedRelease,
  loopToInfinity,
  messageByPlace,
  patchedBrowserGlobals,
  sentSecret,
  shellAtLoad,
  startedLibrary,
  unseenCode,
  walkThatOverwrites,
];
