/** The table of mechanisms: one entry each, in files by what they are about. */
import type { Mechanism } from './mechanism.ts';
import { concealed } from './mechanisms/concealed.ts';
import { delivered } from './mechanisms/delivered.ts';
import { detours } from './mechanisms/detours.ts';
import { evaluated } from './mechanisms/evaluated.ts';
import { release } from './mechanisms/release.ts';
import { sabotage } from './mechanisms/sabotage.ts';
import { spread } from './mechanisms/spread.ts';
import { started } from './mechanisms/started.ts';
import { taken } from './mechanisms/taken.ts';

export const mechanisms: readonly Mechanism[] = [
  ...sabotage,
  ...started,
  ...evaluated,
  ...taken,
  ...spread,
  ...detours,
  ...concealed,
  ...delivered,
  ...release,
];
