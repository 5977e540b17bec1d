/**
 * Behavior analysis against the analyser of `@nodesecure/js-x-ray`: files per second, on the same files of real packages.
 * Ours includes the module graph of each package; theirs is given one file after the other, as text. It is measured on one
 * thread, as theirs works, and as Sluice itself works, on every core.
 * No answer is remembered: that would not be a measure.
 */
import { AstAnalyser } from '@nodesecure/js-x-ray';
import { compareBehavior } from '../src/behavior/compare-behavior.ts';
import { compareContents } from '../src/guard/compare-contents.ts';
import type { ManifestComparison } from '../src/model/change.ts';
import type { FileComparison } from '../src/model/file-comparison.ts';
import { type PackageTree, textOf } from '../src/model/package-tree.ts';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { compareTrees } from '../src/tarball/compare-trees.ts';
import { readManifest } from '../src/tarball/read-manifest.ts';
import { readTarball } from '../src/tarball/read-tarball.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { time } from './measure.ts';
import { type BenchPair, benchPairs } from './pairs.ts';

interface Sample {
  readonly name: string;
  readonly tree: PackageTree;
  readonly files: FileComparison;
  readonly manifests: ManifestComparison;
  readonly texts: readonly string[];
}

interface Row {
  readonly name: string;
  readonly files: number;
  readonly megabytes: number;
  readonly ours: number;
  readonly threads: number;
  readonly peer: number;
}

const warmUps = new Set(['express', 'commander', 'ws', 'debug']);
const registry = createRegistry(await loadNpmConfig());
const analyser = new AstAnalyser();
let unparsed = 0;

for (const pair of benchPairs.filter(({ name }) => warmUps.has(name))) await measure(pair);
unparsed = 0;
const rows: Row[] = [];
for (const pair of benchPairs.filter(({ name }) => !warmUps.has(name))) rows.push(await measure(pair));
console.log(
  alignColumns([
    ['package', 'files', 'MB', 'js-x-ray s', 'one thread s', 'ratio', 'as sluice works s', 'ratio'],
    ...[...rows, total()].map(toCells),
  ]).join('\n'),
);
console.log(`Files that js-x-ray did not parse: ${unparsed}. Goal: ratio at least 4.`);

async function measure(pair: BenchPair): Promise<Row> {
  const { name, tree, files, manifests, texts } = await loadSample(pair);
  const ours = await time(() => compareBehavior(files, manifests));
  const threads = await time(() => compareContents(undefined, tree));
  const peer = await time(() => texts.forEach(analyse));
  const megabytes = texts.reduce((bytes, text) => bytes + text.length, 0) / 1e6;
  return { name, files: texts.length, megabytes, ours: ours.seconds, threads: threads.seconds, peer: peer.seconds };
}

async function loadSample({ name, to }: BenchPair): Promise<Sample> {
  const tarball = await registry.loadTarball(name, to);
  if (!tarball.known) throw new Error(`${name}@${to} could not be fetched: ${tarball.detail}`);
  const tree = await readTarball(tarball.value.bytes);
  const manifest = readManifest(tree);
  if (!manifest.known) throw new Error(`${name}@${to} has no manifest: ${manifest.detail}`);
  const files = compareTrees(undefined, tree);
  const scripts = [...tree.files.values()].filter((file) => file.format === 'javascript');
  return {
    name: `${name}@${to}`,
    tree,
    files,
    manifests: { before: undefined, after: manifest.value },
    texts: scripts.map(textOf),
  };
}

function analyse(text: string): void {
  try {
    analyser.analyse(text);
  } catch {
    unparsed += 1;
  }
}

function total(): Row {
  const add = (key: Exclude<keyof Row, 'name'>): number => rows.reduce((sum, row) => sum + row[key], 0);
  const [files, megabytes, ours] = [add('files'), add('megabytes'), add('ours')];
  return { name: 'all', files, megabytes, ours, threads: add('threads'), peer: add('peer') };
}

function toCells({ name, files, megabytes, ours, threads, peer }: Row): string[] {
  const ratio = (seconds: number): string => `${(peer / seconds).toFixed(1)}×`;
  const figures = [peer.toFixed(2), ours.toFixed(2), ratio(ours), threads.toFixed(2), ratio(threads)];
  return [name, String(files), megabytes.toFixed(1), ...figures];
}
