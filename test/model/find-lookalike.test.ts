/** Names near those of the shipped list. Popular names stand here because the list is of them; none is treated specially. */
import { describe, expect, it } from 'vitest';
import { findLookalike, findNearCopy } from '../../src/model/find-lookalike.ts';
import popularNames from '../../src/model/popular-names.json' with { type: 'json' };

/** Deterministic choices: every so many names of the list. */
const sample = (names: readonly string[], step: number) => names.filter((_, index) => index % step === 0);
const unscoped = popularNames.wellKnown.filter((name) => !name.startsWith('@') && name.length >= 9);
const rate = (names: readonly string[]) =>
  names.filter((name) => findLookalike(name) !== undefined).length / names.length;

describe('a popular name', () => {
  it('is taken for no other, whichever of the list it is', () => {
    const all = [...popularNames.household, ...popularNames.wellKnown, ...popularNames.known, ...popularNames.others];
    expect(all.length).toBeGreaterThan(15_000);
    expect(all.filter((name) => findLookalike(name) !== undefined)).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is found behind nearly every slip', () => {
    const names = sample(unscoped, 5);
    expect(names.length).toBeGreaterThan(200);
    const at = (name: string) => Math.floor(name.length / 2);
    const slips: Readonly<Record<string, (name: string) => string>> = {
      swapped: (name) => {
        const place = [...name].findIndex((letter, index) => index > 0 && letter !== name[index + 1]);
        return name.slice(0, place) + (name[place + 1] ?? '') + name[place] + name.slice(place + 2);
      },
      doubled: (name) => name.slice(0, 2) + name[1] + name.slice(2),
      missing: (name) => name.slice(0, at(name)) + name.slice(at(name) + 1),
      separated: (name) => `${name.slice(0, 4)}.${name.slice(4)}`,
    };
    for (const slip of Object.values(slips)) expect(rate(names.map(slip))).toBeGreaterThan(0.85);
  });

  it('is not found behind two slips, nor behind a word more', () => {
    const names = sample(unscoped, 5);
    expect(rate(names.map((name) => `${name}-service`))).toBeLessThan(0.01);
    expect(rate(names.map((name) => `my-${name}`))).toBeLessThan(0.02);
    expect(rate(names.map((name) => `x${name}zq`))).toBe(0);
  });
});

describe.each([
  ['lodahs', 'lodash', 'two letters are swapped'],
  ['expresss', 'express', '"s" is one more'],
  ['mongose', 'mongoose', '"o" is missing'],
  ['esling', 'eslint', '"g" stands in the place of "t"'],
  ['l0dash', 'lodash', 'letters stand in it that look the same'],
  ['crossenv', 'cross-env', 'only the separators differ'],
  ['cross_env', 'cross-env', 'only the separators differ'],
  ['cross-env.js', 'cross-env', 'it only adds the name of the language'],
  ['types-node', '@types/node', 'only the scope is another'],
  ['@acitons/artefact-tool', '@actions/*', '@acitons is not the scope @actions'],
  ['@typescript_eslinter/parser', '@typescript-eslint/*', '@typescript_eslinter is not the scope @typescript-eslint'],
])('%s', (name, popular, difference) => {
  it(`passes for ${popular}`, () => {
    expect(findLookalike(name)).toEqual({ name: popular, difference });
    expect(findNearCopy(name)).toEqual({ name: popular, difference });
  });
});

it.each([
  ['a short name, one letter away from a short one', 'axs'],
  ['another number', 'base62'],
  ['another word of the same length', 'eslint-plugin-goat'],
  ['a package of a popular scope', '@types/nodee'],
  ['nothing at all', ''],
  ['a scope alone', '@actionss'],
  ['longer than any name', 'lodash'.repeat(1000)],
  ['a key of the prototype', '__proto__'],
])('%s passes for nothing', (_, name) => {
  expect(findLookalike(name)).toBeUndefined();
});

it.each([
  ['plain-crypto-js', 'crypto-js', 'plain'],
  ['easy-day-js', 'dayjs', 'easy'],
  ['express-official', 'express', 'official'],
])('%s is a near copy of %s, though nobody would mistype it so', (name, popular, word) => {
  expect(findLookalike(name)).toBeUndefined();
  expect(findNearCopy(name)).toEqual({ name: popular, difference: `it only adds the word "${word}"` });
});

it.each(['express-session-store', 'fast', 'crypto', 'plain-text-reader-js'])('%s is no near copy', (name) => {
  expect(findNearCopy(name)).toBeUndefined();
});
