/** The list of the corpus, alphabetical, and nothing else. */
import { decryptingDependency } from './decrypting-dependency.ts';
import { downloadingDependency } from './downloading-dependency.ts';
import { loopToInfinity } from './loop-to-infinity.ts';
import { patchedBrowserGlobals } from './patched-browser-globals.ts';
import { startedLibrary } from './started-library.ts';
import type { CorpusCase } from './update.ts';
import { walkThatOverwrites } from './walk-that-overwrites.ts';

export const cases: readonly CorpusCase[] = [
  decryptingDependency,
  downloadingDependency,
  loopToInfinity,
  patchedBrowserGlobals,
  startedLibrary,
  walkThatOverwrites,
];
