/** An update of the corpus → the verdict, on the way the command line takes: registry, tarballs, facts, all rules. */
import { rules } from '../../rules/index.ts';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { judgePair } from '../../src/guard.ts';
import { isRecord } from '../../src/model/manifest.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { SourceTree } from '../../src/rule.ts';
import { connect } from '../registry/connect.ts';
import type { PublishedPackage } from '../support/registry.ts';
import type { Update } from './update.ts';

export async function judgeUpdate(update: Update): Promise<Verdict> {
  const { name, from = '1.4.0', to = '1.4.1', before, after, dependencies = {}, served = {} } = update;
  const published: PublishedPackage = { versions: { [from]: { files: before }, [to]: { files: after, ...served } } };
  const packages = { ...publishDependencies(dependencies), [name]: published };
  const { registry } = await connect({ packages });
  const asOf = '2026-01-01T00:00:00.000Z';
  return judgePair({ name, from, to }, { rules, policy: defaultPolicy, engine: '0.0.0', asOf, registry });
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
