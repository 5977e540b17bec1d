import { describe, expect, it } from 'vitest';
import { type Packument, parsePackument } from '../../src/registry/packument.ts';
import { projectPackument } from '../../src/registry/packument-projection.ts';
import { packPackument, unpackPackument } from '../../src/registry/remembered-packument.ts';

const home = 'https://registry.example/';

/** All that the packument says, of every version and of one that is not there. */
function readAll(packument: Packument): unknown {
  const versions = [...packument.history.versions, '__proto__', 'not there'];
  return Object.entries(packument).map(([key, value]) => [
    key,
    typeof value === 'function' ? versions.map((version) => value(version)) : value,
  ]);
}

const remember = (document: unknown): Packument =>
  unpackPackument(packPackument(projectPackument(document)), 'sample', home);

describe('a packument that is remembered', () => {
  it.each<[string, string]>([
    [
      'of a registry that tells everything',
      `{"name":"sample","maintainers":[],"dist-tags":{"latest":"1.0.1"},
        "time":{"created":"2020-01-01T00:00:00.000Z","1.0.0":"2020-01-01T00:00:00.000Z"},
        "versions":{"1.0.0":{"dependencies":{"a":"^1"},"deprecated":"line one\\nline two"},"1.0.1":{"deprecated":""}}}`,
    ],
    ['of a mirror', '{"versions":{"1.0.1":{"scripts":{"install":"x"}},"1.0.0":{"dist":{"tarball":"t"}}}}'],
    ['with attestations', '{"versions":{"1.0.0":{},"1.0.1":{"dist":{"attestations":{"provenance":{}}}}}}'],
    ['with entries that are none', '{"versions":{"1.0.0":null,"1.0.1":"text","1.0.2":[],"no version":{}}}'],
    ['with names of the prototype', '{"versions":{"__proto__":{"bin":{"__proto__":"x"},"deprecated":"y"}}}'],
    ['without versions', '{"name":"sample","versions":{}}'],
    ['with letters of many scripts', '{"versions":{"1.0.0":{"deprecated":"\u2028 naïve \u{1F600} \\ud800"}}}'],
  ])('%s says what it said', (_, json) => {
    expect(readAll(remember(JSON.parse(json)))).toEqual(readAll(parsePackument(JSON.parse(json), 'sample', home)));
  });

  it('is small: entries that are alike take hardly any room', () => {
    const versions = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`1.0.${index}`, { dependencies: { a: '^1', b: '^2' }, readme: 'x' }]),
    );
    const { outline, entries } = packPackument(projectPackument({ versions }));
    expect(outline.length + entries.length).toBeLessThan(JSON.stringify({ versions }).length / 3);
  });

  it.each([
    '',
    'null',
    '{"versions":[]}',
    '{"versions":{},"deprecated":[]}',
    '{"name":"x","versions":[],"deprecated":[]}',
  ])('with the outline %j is refused', (outline) => {
    expect(() => unpackPackument({ outline, entries: new Uint8Array() }, 'sample', home)).toThrow(
      expect.objectContaining({ why: 'malformed' }),
    );
  });
});
