/** What has to hold for every registry and every tree: the properties that selection stands on (docs/selection.md). */
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { known } from '../../src/model/fact.ts';
import type { TestedVersion } from '../../src/model/lock-change.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import { findBounds } from '../../src/select/find-bounds.ts';
import { findKeepable } from '../../src/select/find-keepable.ts';
import { findTested } from '../../src/select/find-tested.ts';
import { parseRegistryNotation, publishTimesOf } from '../support/lock-notation.ts';
import { buildTree, copiesOf } from './build-tree.ts';

const asOf = '2026-01-01T00:00:00Z';

interface Situation {
  /** Published versions of `c`, each with the day of 2025 on which it was. */
  readonly published: ReadonlyMap<string, number>;
  /** What each dependent asks for, and the day on which it was published. */
  readonly dependents: readonly { readonly spec: string; readonly day: number }[];
  readonly excluded: ReadonlySet<string>;
}

const version = fc.tuple(fc.nat(2), fc.nat(4), fc.nat(3)).map((parts) => parts.join('.'));
const prerelease = fc.tuple(version, fc.nat(3)).map(([base, count]) => `${base}-rc.${count}`);
const interval = fc.oneof(
  version.map((base) => `^${base}`),
  version.map((base) => `~${base}`),
  version.map((base) => `>=${base}`),
  version,
  fc.tuple(version, version).map((pair) => pair.toSorted(semver.compare).join(' - ')),
);
const anyRange = fc.oneof(
  interval,
  fc.constantFrom('*', '', 'x', '>=0', 'latest'),
  fc.tuple(interval, interval).map((pair) => pair.join(' || ')),
  prerelease.map((base) => `^${base}`),
);
const day = fc.nat(300);

function situationOf(range: fc.Arbitrary<string>, published: fc.Arbitrary<string>): fc.Arbitrary<Situation> {
  return fc.record({
    published: fc.array(fc.tuple(published, day), { minLength: 1, maxLength: 25 }).map((entries) => new Map(entries)),
    dependents: fc.array(fc.record({ spec: range, day }), { minLength: 1, maxLength: 4 }),
    excluded: fc.array(version, { maxLength: 4 }).map((versions) => new Set(versions)),
  });
}

const ordinary = situationOf(anyRange, fc.oneof(version, prerelease));
const intervals = situationOf(interval, version);

/** Versions of `c` that all dependents take, as semver itself decides it: what npm could have locked. */
function lockable({ published, dependents }: Situation): readonly string[] {
  return [...published.keys()].filter((one) =>
    dependents.every(({ spec }) => spec === 'latest' || semver.satisfies(one, spec, { loose: true })),
  );
}

function dateOf(dayOfYear: number): string {
  return new Date(Date.UTC(2025, 0, 1 + dayOfYear)).toISOString();
}

function copies({ published, dependents }: Situation, locked: string): readonly LockNode[] {
  const registry = parseRegistryNotation([
    ...[...published.keys()].map((one) => `c@${one}`),
    ...dependents.map(({ spec, day: dayOfYear }, index) => `p${index}@1.0.0 ${dateOf(dayOfYear)}: "c@${spec}"`),
  ]);
  const names = dependents.map((_, index) => `p${index}`);
  return copiesOf(
    buildTree({
      registry,
      asks: names.map((name) => `${name}@1`).join(' '),
      tree: `c@${locked} ${names.map((name) => `${name}@1.0.0`).join(' ')}`,
    }),
    'c',
  );
}

function boundsOf(situation: Situation, locked: string) {
  return findBounds(copies(situation, locked), [...situation.published.keys()], situation.excluded);
}

function testedOf(situation: Situation, locked: string): Fact<TestedVersion> {
  const { published, dependents, excluded } = situation;
  const times = new Map([...published].map(([one, dayOfYear]) => [one, dateOf(dayOfYear)]));
  const parents = parseRegistryNotation(
    dependents.map(({ day: dayOfYear }, index) => `p${index}@1.0.0 ${dateOf(dayOfYear)}`),
  );
  return findTested(copies(situation, locked), [...published.keys()], {
    times,
    parentTimes: (name) => known(publishTimesOf(parents, name)),
    asOf,
    cooldownDays: 7,
    excluded,
  });
}

/** Few random trees have an untested version, so that each run that counts tries many. */
const fewRuns = 30;

/** The situation, and a version that could be locked in it; situations in which none could be are passed over. */
function forLocked(
  situations: fc.Arbitrary<Situation>,
  holds: (situation: Situation, locked: string) => void,
  numRuns = 150,
): void {
  fc.assert(
    fc.property(situations, fc.nat(), (situation, choice) => {
      const choices = lockable(situation);
      const locked = choices[choice % Math.max(1, choices.length)];
      fc.pre(locked !== undefined);
      holds(situation, locked);
    }),
    { numRuns },
  );
}

describe('the lowest version that satisfies all', () => {
  it('is the floor where ranges are intervals', () => {
    forLocked(intervals, (situation, locked) => {
      const { floor, minimal, forced } = boundsOf(situation, locked);
      fc.pre(forced === undefined);
      // `>=0.0.0` demands nothing, and neither has such a tree a floor.
      expect(minimal).toBe(floor?.version);
    });
  });

  it('is what trying every version finds', () => {
    forLocked(ordinary, (situation, locked) => {
      const { minimal, forced } = boundsOf(situation, locked);
      fc.pre(minimal !== undefined && forced === undefined);
      const isCandidate = (one: string) => semver.prerelease(locked) !== null || semver.prerelease(one) === null;
      const all = lockable(situation).filter((one) => isCandidate(one) && !situation.excluded.has(one));
      expect(minimal).toBe(all.toSorted(semver.compare)[0]);
    });
  });

  it('has nothing below it, once it is taken', () => {
    forLocked(ordinary, (situation, locked) => {
      const { minimal, isAboveMinimal } = boundsOf(situation, locked);
      fc.pre(isAboveMinimal && minimal !== undefined);
      expect(boundsOf(situation, minimal).isAboveMinimal).toBe(false);
    });
  });
});

describe('the version to take instead of an untested one', () => {
  it('satisfies everybody, is lower, and is not excluded', () => {
    forLocked(
      ordinary,
      (situation, locked) => {
        const tested = testedOf(situation, locked);
        const instead = tested.known ? tested.value.instead : undefined;
        fc.pre(instead !== undefined);
        expect(lockable(situation)).toContain(instead);
        expect(semver.lt(instead, locked)).toBe(true);
        const hasChoice = lockable(situation).some(
          (one) =>
            !situation.excluded.has(one) && (semver.prerelease(locked) !== null || semver.prerelease(one) === null),
        );
        expect(hasChoice && situation.excluded.has(instead)).toBe(false);
      },
      fewRuns,
    );
  });

  it('needs no other in its place, once it is taken', () => {
    forLocked(
      ordinary,
      (situation, locked) => {
        const tested = testedOf(situation, locked);
        const instead = tested.known ? tested.value.instead : undefined;
        // A release in place of a prerelease changes which versions count at all.
        fc.pre(instead !== undefined && (semver.prerelease(instead) === null) === (semver.prerelease(locked) === null));
        expect(testedOf(situation, instead)).toMatchObject({ known: true, value: { instead: undefined } });
      },
      fewRuns,
    );
  });
});

describe('a version that is published afterwards', () => {
  const later = fc.tuple(fc.oneof(version, prerelease), fc.integer({ min: 366, max: 700 }));

  it('changes nothing about what was tested', () => {
    fc.assert(
      fc.property(ordinary, fc.nat(), fc.array(later, { minLength: 1, maxLength: 5 }), (situation, choice, news) => {
        const choices = lockable(situation);
        const locked = choices[choice % Math.max(1, choices.length)];
        fc.pre(locked !== undefined && !news.some(([one]) => situation.published.has(one)));
        const grown = { ...situation, published: new Map([...situation.published, ...news]) };
        expect(reported(testedOf(grown, locked))).toEqual(reported(testedOf(situation, locked)));
      }),
      { numRuns: 150 },
    );
  });

  it('changes nothing about the bounds, if it is the newest, as sabotage is', () => {
    forLocked(ordinary, (situation, locked) => {
      const grown = { ...situation, published: new Map([...situation.published, ['2.99.0', 366] as const]) };
      const [before, after] = [boundsOf(situation, locked), boundsOf(grown, locked)];
      // Where every dependent was left without a choice, a fix is what the new version may be.
      fc.pre(before.forced === undefined && before.lowest.every(({ version: one }) => !situation.excluded.has(one)));
      expect(after.floor?.version).toBe(before.floor?.version);
      expect(after.minimal).toBe(before.minimal);
      expect(after.isAboveMinimal).toBe(before.isAboveMinimal);
    });
  });
});

describe('a dependent that goes away', () => {
  it('takes no version away that could be kept', () => {
    forLocked(ordinary, (situation, locked) => {
      fc.pre(situation.dependents.length > 1);
      const base = [...situation.published.keys()];
      const fewer = { ...situation, dependents: situation.dependents.slice(1) };
      const [before, after] = [
        findKeepable(copies(situation, locked), base),
        findKeepable(copies(fewer, locked), base),
      ];
      expect(before === undefined || (after !== undefined && semver.gte(after, before))).toBe(true);
    });
  });

  it('raises no floor', () => {
    forLocked(ordinary, (situation, locked) => {
      const fewer = { ...situation, dependents: situation.dependents.slice(1) };
      const [before, after] = [boundsOf(situation, locked).floor, boundsOf(fewer, locked).floor];
      expect(after === undefined || (before !== undefined && semver.lte(after.version, before.version))).toBe(true);
    });
  });
});

/** What a verdict shows of it: the edge is another object in another tree. */
function reported(fact: Fact<TestedVersion>) {
  return fact.known ? { ...fact.value, by: fact.value.by?.from.name } : fact;
}
