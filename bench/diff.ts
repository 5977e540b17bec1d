/**
 * Twelve real pairs judged in this process with a warm cache, against `npm diff` on the same pairs in the same run.
 * npm is a process for each pair, so its start-up is measured too and taken off for the second ratio.
 */
import { spawnSync } from 'node:child_process';
import manifest from '../package.json' with { type: 'json' };
import { rules } from '../rules/index.ts';
import { judgePair, readPolicy } from '../src/guard.ts';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { median, sum, time } from './measure.ts';
import { type BenchPair, benchPairs } from './pairs.ts';

interface Row {
  readonly name: string;
  readonly result: string;
  readonly ours: number;
  readonly peer: number;
}

const config = await loadNpmConfig();
const policy = await readPolicy(undefined, rules);

for (const pair of benchPairs) await fillCache(pair);
const starts: number[] = [];
for (let round = 0; round < 5; round += 1) starts.push((await time(() => npm('--version'))).seconds);
const rows: Row[] = [];
for (const pair of benchPairs) rows.push(await measure(pair));

const ours = sum(rows.map((row) => row.ours));
const peer = sum(rows.map((row) => row.peer));
const peerAlone = peer - median(starts) * rows.length;
const all = { name: 'all', result: '', ours, peer };
console.log(
  alignColumns([['pair', 'verdict', 'sluice s', 'npm diff s', 'ratio'], ...[...rows, all].map(toCells)]).join('\n'),
);
console.log(`Without npm's start-up: ${(peerAlone / ours).toFixed(1)}×. Goal: at least 10×, no pair over 3 s.`);
console.log(`Slowest: ${Math.max(...rows.map((row) => row.ours)).toFixed(2)} s.`);

async function measure(pair: BenchPair): Promise<Row> {
  const { name, from, to } = pair;
  const { seconds: own, value } = await time(() => judge(pair));
  const { seconds } = await time(() => npm('diff', `--diff=${name}@${from}`, `--diff=${name}@${to}`));
  return { name: `${name} ${from} → ${to}`, result: value, ours: own, peer: seconds };
}

/** Only what both need on disk: an analysis that was remembered would not be a measure. */
async function fillCache({ name, from, to }: BenchPair): Promise<void> {
  const registry = createRegistry(config);
  for (const version of [from, to]) {
    const tarball = await registry.loadTarball(name, version);
    if (!tarball.known) throw new Error(`${name}@${version} could not be fetched: ${tarball.detail}`);
  }
}

/** Everything but the process itself: the registry's answers and tarballs come from npm's cache. */
async function judge({ name, from, to }: BenchPair): Promise<string> {
  const registry = createRegistry(config);
  const asOf = new Date().toISOString();
  const verdict = await judgePair({ name, from, to }, { rules, policy, engine: manifest.version, asOf, registry });
  return verdict.result;
}

function npm(...parameters: readonly string[]): void {
  const { status, stderr } = spawnSync('npm', parameters, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`npm ${parameters.join(' ')} ended with ${status}: ${stderr}`);
}

function toCells({ name, result, ours: own, peer: other }: Row): string[] {
  return [name, result, own.toFixed(2), other.toFixed(2), `${(other / own).toFixed(1)}×`];
}
