import { describe, expect, it } from 'vitest';
import { parsePackument } from '../../src/registry/packument.ts';

const home = 'https://registry.example/';
const parse = (document: unknown) => parsePackument(document, 'sample', home);
const named = (fields: Record<string, unknown>) => parse({ name: 'sample', versions: {}, ...fields });
const versions = (...list: readonly string[]) => Object.fromEntries(list.map((version) => [version, { version }]));

describe('a packument', () => {
  it('lists versions in semver order, loose spellings as written, and leaves out what nobody can install', () => {
    const { history } = named({
      versions: versions('10.0.0+b', '10.0.0+a', 'v2.0.0', '2.0.0-rc.1', '= 1.0.0', 'latest', '1.0.0-beta'),
    });
    expect(history.versions).toEqual(['1.0.0-beta', '= 1.0.0', '2.0.0-rc.1', 'v2.0.0', '10.0.0+a', '10.0.0+b']);
  });

  it('parses a version when asked for it, and knows none that are not there', () => {
    const packument = named({
      versions: { '1.0.0': { name: 'sample', scripts: { install: 'x', bad: 1 } }, '1.0.1': 'text' },
    });
    expect(packument.findManifest('1.0.0')).toMatchObject({ name: 'sample', scripts: { install: 'x' } });
    expect(packument.findDist('1.0.1')).toEqual({ tarball: undefined, claims: [] });
    for (const absent of ['2.0.0', '__proto__', 'constructor', 'toString']) {
      expect(packument.findManifest(absent)).toBeUndefined();
      expect(packument.findDist(absent)).toBeUndefined();
    }
  });

  it('takes keys of the prototype for what they are: names', () => {
    const json =
      '{"name":"sample","versions":{"__proto__":{}},"dist-tags":{"__proto__":"1.0.0","latest":"1.0.0","bad":{}}}';
    const packument = parse(JSON.parse(json));
    expect(packument.findManifest('__proto__')).toBeDefined();
    expect(Object.keys(packument.history.distTags)).toEqual(['__proto__', 'latest']);
    expect(Object.getPrototypeOf(packument.history.distTags)).toBe(Object.prototype);
  });

  it('takes the shasum only where there is no integrity that can be read', () => {
    const shasum = 'a'.repeat(40);
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const packument = named({
      versions: {
        '1.0.0': { dist: { shasum, integrity } },
        '1.0.1': { dist: { shasum } },
        '1.0.2': { dist: { shasum, integrity: 'unreadable' } },
        '1.0.3': { dist: { shasum: 1, integrity: [] } },
      },
    });
    const algorithms = ['1.0.0', '1.0.1', '1.0.2', '1.0.3'].map((version) =>
      packument.findDist(version)?.claims.map(({ algorithm }) => algorithm),
    );
    expect(algorithms).toEqual([['sha512'], ['sha1'], ['sha1'], []]);
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['without versions', { name: 'sample' }],
    ['with a list of versions', { name: 'sample', versions: [] }],
    ['about another package', { name: 'other', versions: {} }],
  ])('is refused when it is %s', (_, document) => {
    expect(() => parse(document)).toThrow(expect.objectContaining({ why: 'malformed' }));
  });

  it('may lack its name, as some mirrors have it', () => {
    expect(parse({ versions: versions('1.0.0') })).toMatchObject({ name: 'sample', history: { versions: ['1.0.0'] } });
  });

  it('with more versions than anybody publishes is not read', () => {
    const many = Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`1.0.${index}`, {}]));
    expect(() => named({ versions: many })).toThrow(expect.objectContaining({ why: 'too-large' }));
  });

  it('of an unpublished package says so', () => {
    const document = { name: 'sample', time: { unpublished: { time: '2026-01-01T00:00:00.000Z' } } };
    expect(() => parse(document)).toThrow(expect.objectContaining({ why: 'not-found' }));
  });
});

describe('a release', () => {
  const release = (entry: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
    named({ versions: { '1.0.0': entry }, ...fields }).findRelease('1.0.0');

  it('has what npm copies into a lockfile', () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const entry = {
      version: '9.9.9',
      dependencies: { a: '^1.0.0', b: '^2.0.0' },
      optionalDependencies: { b: '^2.0.0' },
      peerDependencies: { c: '3', d: '4' },
      peerDependenciesMeta: { c: { optional: true }, d: { optional: 'yes' } },
      bundledDependencies: ['a'],
      bin: './cli.js',
      os: ['linux'],
      cpu: 'x64',
      engines: { node: '>=22' },
      license: 'MIT',
      repository: 'left out',
      dist: { tarball: 'https://registry.example/sample/-/sample-1.0.0.tgz', integrity: `${integrity} md5-unknown` },
      scripts: { test: 'true' },
    };
    expect(release(entry)).toEqual({
      name: 'sample',
      version: '1.0.0',
      tarball: 'https://registry.example/sample/-/sample-1.0.0.tgz',
      integrity: [integrity],
      dependencies: { a: '^1.0.0' },
      optionalDependencies: { b: '^2.0.0' },
      peerDependencies: { c: '3', d: '4' },
      optionalPeers: ['c'],
      bundled: ['a'],
      bin: { sample: './cli.js' },
      os: ['linux'],
      cpu: ['x64'],
      hasInstallScript: false,
      lockFields: { engines: { node: '>=22' }, license: 'MIT' },
    });
  });

  it('is there for any entry, and for nothing else', () => {
    const packument = parse(JSON.parse('{"versions":{"1.0.0":"text","__proto__":{}}}'));
    expect(packument.findRelease('1.0.0')).toMatchObject({ tarball: undefined, integrity: [], dependencies: {} });
    expect(packument.findRelease('__proto__')).toMatchObject({ version: '__proto__' });
    expect(packument.findRelease('constructor')).toBeUndefined();
  });

  it('has the shasum as a digest where that is all there is', () => {
    expect(release({ dist: { shasum: '0'.repeat(40) } })?.integrity).toEqual([`sha1-${'A'.repeat(27)}=`]);
  });

  const fromEverything = { maintainers: [{ name: 'little' }] };
  it.each<[string, boolean | undefined, Parameters<typeof release>]>([
    ['a script that npm runs', true, [{ scripts: { postinstall: 'node x.js' } }, {}]],
    ['the word of the registry', true, [{ hasInstallScript: true, scripts: {} }, {}]],
    ['native code to build', true, [{ gypfile: true }, {}]],
    ['other scripts only', false, [{ scripts: { prepare: 'tsc', test: 'true' } }, {}]],
    ['no scripts, at a registry that tells everything', false, [{}, fromEverything]],
    ['no scripts, at a mirror', undefined, [{}, {}]],
    ['scripts that are none, at a mirror', undefined, [{ scripts: ['install'] }, {}]],
  ])('with %s has an install script: %j', (_, expected, published) => {
    expect(release(...published)?.hasInstallScript).toBe(expected);
  });
});

describe('a deprecation', () => {
  const deprecation = (entry: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
    named({ versions: { '1.0.0': entry, ...versions('1.0.1') }, ...fields }).findDeprecation('1.0.0');

  it.each<[string, string | null, Parameters<typeof deprecation>]>([
    ['a message is that message', 'use other', [{ deprecated: 'use other' }]],
    ['an empty message is none: npm takes one back like that', null, [{ deprecated: '' }]],
    ['false is none', null, [{ deprecated: false }]],
    ['true is one without a message', '', [{ deprecated: true }]],
    ['nothing, beside maintainers, is none', null, [{}, { maintainers: [] }]],
    ['nothing, beside a publisher, is none', null, [{ _npmUser: { name: 'little' } }]],
    [
      'nothing, beside a deprecated version, is none',
      null,
      [{}, { versions: { '1.0.0': {}, '1.0.1': { deprecated: 'use other' } } }],
    ],
  ])('of %s', (_, value, published) => {
    expect(deprecation(...published)).toEqual({ known: true, value });
  });

  it('is not known where the registry leaves out all that a mirror leaves out', () => {
    expect(deprecation({})).toMatchObject({ known: false, why: 'not-served' });
  });

  it('of a version that is not there is not known', () => {
    expect(named({ maintainers: [] }).findDeprecation('1.0.0')).toMatchObject({ known: false, why: 'not-found' });
  });
});

describe('publish times', () => {
  const timesOf = (time: unknown, ...list: readonly string[]) =>
    named({ versions: versions(...list), time }).publishTimes;
  const list = ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4', '1.0.5', '1.0.6', '1.0.7', '1.0.8', '1.0.9', '1.0.10'];
  const day = (index: number) => new Date(Date.UTC(2024, 0, 1 + index, 12)).toISOString();
  const dated = (dayOf: (index: number) => number) => ({
    created: day(0),
    ...Object.fromEntries(list.map((version, index) => [version, day(dayOf(index))])),
  });

  it('are known when they go forward', () => {
    const times = timesOf({ ...dated((index) => index), '0.0.1-removed': day(0), modified: day(40) }, ...list);
    expect(times).toEqual({ known: true, value: new Map(list.map((version, index) => [version, day(index)])) });
  });

  it('may step back once: a mended line of an author', () => {
    expect(
      timesOf(
        dated((index) => (index === 3 ? 9 : index)),
        ...list,
      ).known,
    ).toBe(true);
  });

  it('may share a day when there are few of them', () => {
    expect(timesOf({ created: day(0), '1.0.0': day(0), '1.0.1': day(0) }, '1.0.0', '1.0.1').known).toBe(true);
  });

  it('keep what can be read when a part cannot', () => {
    const times = timesOf(
      { created: day(0), '1.0.0': day(0), '1.0.1': 'yesterday', '1.0.2': 7 },
      '1.0.0',
      '1.0.1',
      '1.0.2',
    );
    expect(times).toEqual({ known: true, value: new Map([['1.0.0', day(0)]]) });
  });

  it.each([
    ['are absent', undefined, 'gives no publish times'],
    ['are a list', [], 'gives no publish times'],
    ['name none of the versions', { created: day(0), modified: day(1) }, 'for any version'],
    ['lack the date of creation', { ...dated((index) => index), created: undefined }, 'created'],
    ['share one first day', dated((index) => (index < 6 ? 0 : index)), 'first day'],
    ['go back and forth', dated((index) => (index % 2 === 0 ? 20 - index : index)), 'before earlier ones'],
  ])('are not known when they %s', (_, time, reason) => {
    expect(timesOf(time, ...list)).toMatchObject({
      known: false,
      why: 'not-served',
      detail: expect.stringContaining(reason),
    });
  });
});
