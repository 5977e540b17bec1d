/** A thread that reads one made-up input after another, and says at once which one broke it. */
import { parentPort } from 'node:worker_threads';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import { readScript } from '../../src/behavior/scripts/read-script.ts';
import { GuardError } from '../../src/errors.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { type FuzzInput, type FuzzPart, makeInput } from './make-input.ts';

export interface FuzzOrder {
  readonly part: FuzzPart;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** One number: the input that is being read. */
  readonly at: Int32Array;
}

export interface FuzzAnswer {
  /** Read in full, though changed: what is refused at the door tests nothing behind it. */
  readonly read: number;
  readonly faults: readonly { readonly number: number; readonly what: string }[];
  /** In bytes. */
  readonly memory: number;
}

parentPort?.on('message', async ({ part, seed, from, to, at }: FuzzOrder) => {
  const faults: { number: number; what: string }[] = [];
  let read = 0;
  for (let number = from; number < to; number += 1) {
    Atomics.store(at, 0, number);
    try {
      if (await readInput(makeInput(part, seed, number))) read += 1;
    } catch (cause) {
      faults.push({ number, what: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
    }
  }
  const answer: FuzzAnswer = { read, faults, memory: process.memoryUsage.rss() };
  parentPort?.postMessage(answer);
});

/** Whether it was understood. */
async function readInput(input: FuzzInput): Promise<boolean> {
  if (input.part === 'code') return analyzeFile(input.text, input.path).failure === undefined;
  if (input.part === 'script') return readScript(input.text, input.language).failure === undefined;
  try {
    await readTarball(input.bytes);
    return true;
  } catch (cause) {
    if (cause instanceof GuardError) return false;
    throw cause;
  }
}
