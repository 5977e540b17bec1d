/**
 * A rule's example → the change that the rule would be asked about. The tarballs are real ones, read and compared
 * by the code that reads and compares the registry's; only what a registry would tell is assumed.
 */
import { createHash } from 'node:crypto';
import { compareContents } from '../../src/guard/compare-contents.ts';
import { findAddedDependencies } from '../../src/guard/find-added-dependencies.ts';
import { findDependency } from '../../src/guard/parse-dependency.ts';
import type { AddedDependency, Change, ChangeFacts, IntegrityRecord } from '../../src/model/change.ts';
import { withoutLockFacts } from '../../src/model/change.ts';
import type { Fact } from '../../src/model/fact.ts';
import { known, missing } from '../../src/model/fact.ts';
import { isRecord, parseManifest } from '../../src/model/manifest.ts';
import type { Example, SourceTree } from '../../src/rule.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball } from './build-tarball.ts';

type DependencyTrees = Readonly<Record<string, SourceTree>>;

export async function changeFromExample(example: Example): Promise<Change> {
  const name = example.name ?? 'sample';
  const from = example.before === undefined ? undefined : (example.from ?? '1.0.0');
  const to = example.to ?? '1.0.1';
  const before = example.before === undefined ? undefined : packTree(example.before, { name, version: from ?? '' });
  const after = packTree(example.after, { name, version: to });
  const contents = await compareContents(before && (await readTarball(before)), await readTarball(after));
  const assumed: ChangeFacts = {
    ...withoutLockFacts,
    ...contents,
    integrity: known([...(before ? [describeIntegrity('before', before)] : []), describeIntegrity('after', after)]),
    registryManifest: takeFrom(contents.manifests, (manifests) => manifests.after),
    versions: known({ versions: from === undefined ? [to] : [from, to], distTags: { latest: to } }),
    publishTimes: missing('not-served', 'an example has no publish times'),
    signatures: missing('not-served', 'an example has no signatures'),
    provenance: missing('not-served', 'an example has no provenance'),
    publishers: missing('not-served', 'an example has no publisher'),
    addedDependencies: takeFrom(contents.manifests, (manifests) =>
      findAddedDependencies(manifests, findDependency).map(({ wanted: _wanted, ...dependency }) => ({
        ...dependency,
        release: describeRelease(dependency.name, example.dependencies ?? {}),
      })),
    ),
  };
  return {
    subject: { name, from, to, integrity: { from: before && sriOf(before), to: sriOf(after) }, source: 'registry' },
    asOf: example.asOf ?? '2026-01-01T00:00:00Z',
    facts: { ...assumed, ...example.facts },
  };
}

function packTree(tree: SourceTree, identity: { readonly name: string; readonly version: string }): Uint8Array {
  const files = new Map<string, string | Uint8Array>();
  for (const [path, content] of Object.entries(tree)) {
    if (content instanceof Uint8Array || typeof content === 'string') files.set(path, content);
    else
      files.set(path, `${JSON.stringify(path === 'package.json' ? { ...identity, ...content } : content, null, 2)}\n`);
  }
  if (!files.has('package.json')) files.set('package.json', `${JSON.stringify(identity, null, 2)}\n`);
  return buildTarball(Object.fromEntries(files));
}

function sriOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

function describeIntegrity(side: IntegrityRecord['side'], bytes: Uint8Array): IntegrityRecord {
  return { side, claimedBy: 'registry', claimed: sriOf(bytes), actual: sriOf(bytes), matches: true };
}

function takeFrom<From, To>(fact: Fact<From>, take: (value: From) => To): Fact<To> {
  return fact.known ? known(take(fact.value)) : fact;
}

/** The example's tree for the dependency; one that it does not give is an innocent package, published long ago. */
function describeRelease(name: string, trees: DependencyTrees): AddedDependency['release'] {
  const document = Object.hasOwn(trees, name) ? trees[name]?.['package.json'] : undefined;
  const { version, scripts } = parseManifest(isRecord(document) ? document : {});
  const installEvents = ['preinstall', 'install', 'postinstall'].filter((event) => Object.hasOwn(scripts, event));
  return known({ name, version: version ?? '1.0.0', installEvents, publishedAt: known('2020-01-01T00:00:00Z') });
}
