/** A thread that runs one host after another. It judges code, and runs none of it. */
import { parentPort } from 'node:worker_threads';
import { openRegistry } from '../../src/guard.ts';
import type { CorpusPair } from '../corpus-list.ts';
import { loadHost } from './load-host.ts';
import { mechanisms } from './mechanisms.ts';
import type { Wishes } from './plan-mutants.ts';
import { type Outcome, runHost } from './run-host.ts';

export interface HostOrder {
  readonly pair: CorpusPair;
  readonly wishes: Wishes;
}

export type HostAnswer =
  | { readonly kind: 'progress'; readonly host: string; readonly mutants: number }
  | { readonly kind: 'done'; readonly outcomes: readonly Outcome[] };

const registry = await openRegistry();
const progressEvery = 100;

parentPort?.on('message', async ({ pair, wishes }: HostOrder) => {
  let mutants = 0;
  const outcomes = await runHost(await loadHost(pair, registry), { mechanisms, wishes }, () => {
    mutants += 1;
    if (mutants % progressEvery === 0) answer({ kind: 'progress', host: pair.name, mutants });
  });
  answer({ kind: 'done', outcomes });
});

function answer(message: HostAnswer): void {
  parentPort?.postMessage(message);
}
