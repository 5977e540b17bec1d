/** What a public obfuscator makes of a piece of our code. */
import obfuscator, { type ObfuscatorOptions } from 'javascript-obfuscator';
import type { Random } from './random-for.ts';

export type Strength = 'minified' | 'strings' | 'flattened';

const strengths: Readonly<Record<Strength, ObfuscatorOptions>> = {
  /** What an honest minifier does, too. */
  minified: { identifierNamesGenerator: 'mangled', stringArray: false },
  /** A rotated table of strings, encoded, each asked for by its number. */
  strings: { stringArray: true, stringArrayEncoding: ['base64'], stringArrayThreshold: 1, numbersToExpressions: true },
  flattened: {
    controlFlowFlattening: true,
    controlFlowFlatteningThreshold: 1,
    deadCodeInjection: true,
    deadCodeInjectionThreshold: 1,
    splitStrings: true,
    splitStringsChunkLength: 5,
    stringArray: true,
    stringArrayEncoding: ['rc4'],
    stringArrayThreshold: 1,
    transformObjectKeys: true,
  },
};

const seeds = 3;
const made = new Map<string, string>();

/** Slow: one of a few seeds is taken, so that the same code is not made again for every host. */
export function obfuscate(code: string, strength: Strength, random: Random): string {
  // A seed of 0 would be another one each time.
  const seed = 1 + random.below(seeds);
  const key = `${strength} ${seed} ${code}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const options: ObfuscatorOptions = { ...strengths[strength], compact: true, seed, target: 'node' };
  const text = obfuscator.obfuscate(code, options).getObfuscatedCode();
  made.set(key, text);
  return text;
}
