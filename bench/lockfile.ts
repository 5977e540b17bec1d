/**
 * A lockfile of some 1,250 packages, read, compared with a base and put through the pin rules that need no network,
 * against lockfile-lint's checks of the same text, both in process and warm. And what reading costs npm's own reader.
 * The lockfile is made here, in the proportions of real ones: nothing is fetched.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Arborist from '@npmcli/arborist';
import { parseTree } from 'jsonc-parser';
import lint from 'lockfile-lint-api';
import { rules } from '../rules/index.ts';
import { compareLockTrees } from '../src/lockfile/compare-lock-trees.ts';
import { findWhy, isDirect } from '../src/lockfile/find-why.ts';
import { parseLockfile } from '../src/lockfile/parse-lockfile.ts';
import { parseProjectManifest } from '../src/lockfile/parse-project-manifest.ts';
import { type Change, withoutLockFacts, withoutReleaseFacts } from '../src/model/change.ts';
import { known } from '../src/model/fact.ts';
import type { ProjectChange, ProjectState } from '../src/model/lock-change.ts';
import type { LockTree } from '../src/model/lock-tree.ts';
import { defaultsOf, findMissingNeeds } from '../src/rule.ts';
import { createRandom } from '../test/support/random.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { median, time } from './measure.ts';

const packageCount = 1250;
const rounds = 60;
const host = 'registry.example';
const directCount = 40;
const pinRules = rules.filter(({ family }) => family === 'pin');

const bumped = new Set([10, 200, 390, 580, 770, 960, 1150]);
const bumpedCount = bumped.size;
const [base, head] = [writeProject(new Set()), writeProject(bumped)];
const baseState = readProject(base);
const text = head.lockfile;
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-lockfile-'));
try {
  writeFileSync(join(folder, 'package-lock.json'), text);
  writeFileSync(join(folder, 'package.json'), head.manifest);
  const [lintMs = 0, checkMs = 0, bothMs = 0, edgesMs = 0, jsonMs = 0] = await measure([
    lintWithPeer,
    () => checkChange(baseState),
    () => checkChange(readProject(base)),
    readEdges,
    () => JSON.parse(text),
  ]);
  const [npmMs = 0, jsoncMs = 0] = await measure([readWithNpm, () => parseTree(text)]);
  const rows: readonly (readonly [what: string, milliseconds: number, goal: string])[] = [
    ['lockfile-lint: host, https, names, integrity, scheme', lintMs, ''],
    ['read it, compare with a base, pin rules', checkMs, 'at least 5 times faster'],
    ['the same, and read the base as well', bothMs, ''],
    ['read it, decide all edges', edgesMs, ''],
    ['the same by npm (arborist, from disk)', npmMs, ''],
    ['parse it with jsonc-parser, nothing more', jsoncMs, ''],
    ['parse it with JSON.parse, nothing more', jsonMs, ''],
  ];
  const table = rows.map(([what, ms, goal]) => [what, `${ms.toFixed(1)} ms`, `${(lintMs / ms).toFixed(1)}×`, goal]);
  console.log(`${packageCount} packages, ${(text.length / 1000).toFixed(0)} kB`);
  console.log(alignColumns([['what', `median of ${rounds}`, 'lockfile-lint takes', 'goal'], ...table]).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
}

/** Medians; all in turn in each round, so that a busy machine is as bad for one as for another. */
async function measure(works: readonly (() => unknown)[]): Promise<readonly number[]> {
  const seconds = works.map((): number[] => []);
  for (let round = 0; round < rounds + 10; round += 1) {
    for (const [index, work] of works.entries()) seconds[index]?.push((await time(work)).seconds);
  }
  return seconds.map((taken) => median(taken.slice(10)) * 1000);
}

function lintWithPeer(): void {
  const packages = new lint.ParseLockfile({
    lockfilePath: 'package-lock.json',
    lockfileText: text,
    lockfileType: 'npm',
  }).parseSync().object;
  const errors = [
    ...new lint.ValidateHost({ packages }).validate([host]).errors,
    ...new lint.ValidateHttps({ packages }).validate().errors,
    ...new lint.ValidatePackageNames({ packages }).validate().errors,
    ...new lint.ValidateIntegrity({ packages }).validate().errors,
    ...new lint.ValidateScheme({ packages }).validate(['https:']).errors,
  ];
  if (errors.length > 0) throw new Error(`lockfile-lint found ${errors.length} errors: ${JSON.stringify(errors[0])}`);
}

interface WrittenProject {
  readonly lockfile: string;
  readonly manifest: string;
}

interface ReadProject extends ProjectState {
  readonly tree: LockTree;
}

function readProject({ lockfile, manifest }: WrittenProject): ReadProject {
  const path = 'package-lock.json';
  const manifests = new Map([['', parseProjectManifest(manifest, 'package.json', '')]]);
  return { tree: parseLockfile({ path, text: lockfile, manifests }), manifests };
}

/** As the guard does it, without what only the network knows. */
function checkChange(before: ReadProject): void {
  const after = readProject(head);
  const { tree } = after;
  const { entries } = compareLockTrees(before.tree, tree);
  const project: ProjectChange = { lockfile: tree.path, before, after, gateEdits: [], registryHosts: [host] };
  const changes = [askAbout('bench', { project: known(project) })];
  for (const { kind, before: copies, after: nodes, baseVersions } of entries) {
    const [first] = nodes;
    if (first === undefined) throw new Error('a package without copies');
    const asked = { direct: isDirect(first), why: findWhy(first), keepable: undefined, asked: true, project };
    changes.push(
      askAbout(first.name, { entry: known({ kind, before: copies, after: nodes, baseVersions, ...asked }) }),
    );
  }
  const found = changes.flatMap((change) =>
    pinRules
      .filter((rule) => findMissingNeeds(rule, change).length === 0)
      .flatMap((rule) => rule.check(change, { cooldownDays: 3, options: defaultsOf(rule.options) })),
  );
  if (entries.length !== bumpedCount) throw new Error(`${entries.length} packages changed, not ${bumpedCount}`);
  // Ranges in what the project asks for are worth a notice each; everything else is in order.
  if (found.length > directCount)
    throw new Error(`the rules found ${found.length} things in a lockfile that is in order`);
}

function askAbout(name: string, facts: Partial<Change['facts']>): Change {
  return {
    subject: { name, from: undefined, to: '1.0.0', integrity: { from: undefined, to: undefined }, source: 'lockfile' },
    asOf: '2026-01-01T00:00:00Z',
    facts: { ...withoutReleaseFacts, ...withoutLockFacts, ...facts },
  };
}

function readEdges(): void {
  const tree = parseLockfile({ path: 'package-lock.json', text, manifests: new Map() });
  for (const { edgesOut } of tree.nodes.values()) {
    for (const { name, spec, problem } of edgesOut)
      if (problem !== undefined) throw new Error(`${name}@${spec} is ${problem}`);
  }
}

async function readWithNpm(): Promise<void> {
  const tree = await new Arborist({ path: folder }).loadVirtual();
  for (const { edgesOut } of tree.inventory.values()) {
    for (const { name, error } of edgesOut.values()) if (error !== null) throw new Error(`${name} is ${error}`);
  }
}

interface MadePackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Map<string, string>;
  readonly peerDependencies: Map<string, string>;
}

/** @param newer Numbers of the packages that are one patch newer than otherwise. */
function writeProject(newer: ReadonlySet<number>): WrittenProject {
  const made = makePackages(newer);
  const direct = Object.fromEntries(made.slice(0, directCount).map(({ name, version }) => [name, `^${version}`]));
  const root = { name: 'bench', version: '1.0.0', private: true, dependencies: direct };
  const packages = {
    '': root,
    ...Object.fromEntries(
      made
        .map((one, index) => [`node_modules/${one.name}`, describePackage(one, index)] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
  };
  const lockfile = { name: root.name, version: root.version, lockfileVersion: 3, requires: true, packages };
  return { lockfile: `${JSON.stringify(lockfile, undefined, 2)}\n`, manifest: JSON.stringify(root) };
}

/** Two to three dependencies each, a fifth with peers, a seventh in a scope: as in a React application of that size. */
function makePackages(newer: ReadonlySet<number>): readonly MadePackage[] {
  const random = createRandom(1);
  const made: MadePackage[] = [];
  for (let index = 0; index < packageCount; index += 1) {
    const isScoped = random.below(7) === 0;
    const [major, minor, patch] = [1 + random.below(9), random.below(20), random.below(10)];
    const one: MadePackage = {
      name: isScoped ? `@scope-${random.below(20)}/package-${index}` : `package-${index}`,
      version: `${major}.${minor}.${patch + (newer.has(index) ? 1 : 0)}`,
      dependencies: new Map(),
      peerDependencies: new Map(),
    };
    const wanted = `${major}.${minor}.${patch}`;
    const spec = random.below(20) > 0 ? `^${wanted}` : random.pick([`~${wanted}`, `>=${wanted} <${major + 1}`, '*']);
    const dependentCount = index < directCount ? 0 : 1 + random.below(4);
    for (let count = 0; count < dependentCount; count += 1) made[random.below(index)]?.dependencies.set(one.name, spec);
    if (index >= directCount && random.below(5) === 0)
      made[random.below(index)]?.peerDependencies.set(one.name, `^${major}.0.0`);
    made.push(one);
  }
  return made;
}

function describePackage({ name, version, dependencies, peerDependencies }: MadePackage, index: number): unknown {
  return {
    version,
    resolved: `https://${host}/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(`${name}@${version}`).digest('base64')}`,
    license: 'MIT',
    ...(index % 15 === 0 ? { bin: { [`command-${index}`]: 'bin/cli.js' } } : {}),
    ...(dependencies.size === 0 ? {} : { dependencies: Object.fromEntries(dependencies) }),
    ...(index % 3 === 0 ? {} : { engines: { node: '>=18' } }),
    ...(peerDependencies.size === 0 ? {} : { peerDependencies: Object.fromEntries(peerDependencies) }),
    ...(index % 5 === 0 ? { funding: { url: 'https://example.invalid/funding' } } : {}),
  };
}
