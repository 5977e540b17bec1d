/** An update of the corpus → the verdict, on the way the command line takes: registry, tarballs, facts, all rules. */
import { rules } from '../../rules/index.ts';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { type JudgeOptions, judgePair, judgeTarballs, type LocalTarball } from '../../src/guard.ts';
import { isRecord } from '../../src/model/manifest.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { SourceTree } from '../../src/rule.ts';
import { connect } from '../registry/connect.ts';
import { buildTarball } from '../support/build-tarball.ts';
import type { PublishedPackage } from '../support/registry.ts';
import type { Update } from './update.ts';

export async function judgeUpdate(update: Update): Promise<Verdict> {
  const { name, from = '1.4.0', to = '1.4.1', before, after, dependencies = {}, served = {} } = update;
  const published: PublishedPackage = { versions: { [from]: { files: before }, [to]: { files: after, ...served } } };
  const packages = { ...publishDependencies(dependencies), [name]: published };
  const { registry } = await connect({ packages });
  return judgePair({ name, from, to }, { ...options, registry });
}

/** Two trees, packed; no registry is asked, so dependencies are not read. */
export async function judgeTrees(before: SourceTree | undefined, after: SourceTree): Promise<Verdict> {
  return judgeTarballs({ before: before && packTree(before, '1.4.0'), after: packTree(after, '1.4.1') }, options);
}

const options: JudgeOptions = {
  rules,
  policy: defaultPolicy,
  engine: '0.0.0',
  asOf: '2026-01-01T00:00:00.000Z',
};

function packTree(tree: SourceTree, version: string): LocalTarball {
  const files = Object.entries({ 'package.json': {}, ...tree }).map(
    ([path, content]): [string, string | Uint8Array] => {
      if (typeof content === 'string' || content instanceof Uint8Array) return [path, content];
      return [path, JSON.stringify(path === 'package.json' ? { name: 'sample', version, ...content } : content)];
    },
  );
  return { path: `sample-${version}.tgz`, bytes: buildTarball(Object.fromEntries(files)) };
}

function publishDependencies(trees: Readonly<Record<string, SourceTree>>): Record<string, PublishedPackage> {
  return Object.fromEntries(
    Object.entries(trees).map(([name, files]) => [name, { versions: { [versionOf(files)]: { files } } }]),
  );
}

function versionOf({ 'package.json': manifest }: SourceTree): string {
  const version = isRecord(manifest) ? manifest['version'] : undefined;
  return typeof version === 'string' ? version : '1.0.0';
}
