/** Judges little packages with one rule that remembers what it was shown. */
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import type { JudgeOptions, Pair, PairOptions } from '../../src/guard.ts';
import { judgePair } from '../../src/guard.ts';
import type { AddedDependency, ChangeFacts } from '../../src/model/change.ts';
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule } from '../../src/rule.ts';
import { connect } from '../registry/connect.ts';
import type { PublishedPackage } from '../support/registry.ts';

export type Seen = Pick<ChangeFacts, 'files' | 'publishTimes' | 'addedDependencies' | 'integrity' | 'registryManifest'>;

/** A rule that remembers what it was shown, by `name@version`, and says what a test wants it to say. */
export function watch(evidence: readonly Evidence<never>[] = []): {
  readonly rule: Rule;
  readonly seen: ReadonlyMap<string, Seen>;
} {
  const seen = new Map<string, Seen>();
  const rule = defineRule({
    id: 'watched',
    family: 'code',
    title: 'Watched',
    rationale: 'A test looks.',
    remedy: 'Nothing.',
    level: 'review',
    incidents: [{ what: 'none', when: '2026', url: 'https://incident.invalid/' }],
    flags: [{ title: 'none', after: {}, expect: [{ message: 'none', at: atFile('a.js') }] }],
    passes: [{ title: 'none', after: {} }],
    appliesToAdditions: true,
    needs: ['files'],
    wants: ['publishTimes', 'addedDependencies', 'integrity', 'registryManifest'],
    check(change) {
      const { files, publishTimes, addedDependencies, integrity, registryManifest } = change;
      const facts = { files: known(files), publishTimes, addedDependencies, integrity, registryManifest };
      seen.set(`${change.subject.name}@${change.subject.to}`, facts);
      return evidence;
    },
  });
  return { rule, seen };
}

export function optionsWith(rules: readonly Rule[]): JudgeOptions {
  return { rules, policy: defaultPolicy, engine: '0.0.0', asOf: '2026-01-01T00:00:00.000Z' };
}

export interface Watched {
  readonly verdict: Verdict;
  readonly seen: ReadonlyMap<string, Seen>;
}

interface Setting {
  readonly packages: Readonly<Record<string, PublishedPackage>>;
  readonly pair?: Pair;
  readonly evidence?: readonly Evidence<never>[];
  readonly limits?: PairOptions['limits'];
}

export const samplePair: Pair = { name: 'sample', from: '1.0.0', to: '1.0.1' };

export async function judgeWatched({ packages, pair = samplePair, evidence = [], limits }: Setting): Promise<Watched> {
  const { registry } = await connect({ packages });
  const { rule, seen } = watch(evidence);
  return { verdict: await judgePair(pair, { ...optionsWith([rule]), registry, limits }), seen };
}

/** 1.0.0 without dependencies, and 1.0.1 whose manifest is given. */
export function sampleWith(
  manifest: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>> = {},
): PublishedPackage {
  return {
    versions: {
      '1.0.0': { files: { 'index.js': '', 'package.json': before } },
      '1.0.1': { files: { 'index.js': '', 'package.json': manifest } },
    },
  };
}

/** One version each, with these dependencies. */
export function chain(
  links: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, PublishedPackage> {
  return Object.fromEntries(
    Object.entries(links).map(([name, dependencies]) => [
      name,
      { versions: { '1.0.0': { files: { 'package.json': { dependencies } } } } },
    ]),
  );
}

export function addedOf(seen: ReadonlyMap<string, Seen>, key = 'sample@1.0.1'): readonly AddedDependency[] {
  const fact = seen.get(key)?.addedDependencies;
  return fact?.known ? fact.value : [];
}
