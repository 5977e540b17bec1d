import { describe, expect, it } from 'vitest';
import { type Packument, parsePackument } from '../../src/registry/packument.ts';
import { projectPackument } from '../../src/registry/packument-projection.ts';

const time = { created: '2020-01-01T00:00:00.000Z', '1.0.0': '2020-01-01T00:00:00.000Z' };

function readAll(document: unknown): unknown {
  const packument: Packument = parsePackument(document, 'sample', 'https://registry.example/');
  return Object.fromEntries(
    Object.entries(packument).map(([key, value]) => [key, typeof value === 'function' ? value('1.0.0') : value]),
  );
}

/** Writes down which fields are read. */
function watch(fields: Readonly<Record<string, unknown>>, read: Set<string>): unknown {
  return new Proxy(fields, {
    get: (target, key) => {
      if (typeof key === 'string') read.add(key);
      return Reflect.get(target, key);
    },
  });
}

describe('a projected packument', () => {
  it('has every field that anybody reads of a version', () => {
    const read = { entry: new Set<string>(), dist: new Set<string>() };
    readAll({ versions: { '1.0.0': watch({ dist: watch({}, read.dist) }, read.entry) } });
    expect([...read.entry]).toEqual(expect.arrayContaining(['dist', 'scripts', 'deprecated', 'engines']));
    expect([...read.dist]).toEqual(expect.arrayContaining(['tarball', 'integrity', 'shasum']));
    const fill = (names: ReadonlySet<string>) => Object.fromEntries([...names].map((name) => [name, `${name}, kept`]));
    const versions = { '1.0.0': { ...fill(read.entry), dist: fill(read.dist) } };
    expect(projectPackument({ versions })).toMatchObject({ versions });
  });

  const document = {
    _id: 'sample',
    name: 'sample',
    readme: 'x'.repeat(1000),
    'dist-tags': { latest: '1.0.0' },
    time,
    maintainers: [{ name: 'little' }],
    versions: {
      '1.0.0': {
        name: 'sample',
        version: '1.0.0',
        description: 'left out',
        dependencies: { a: '1' },
        peerDependenciesMeta: { c: { optional: true } },
        engines: { node: '>=22' },
        dist: { tarball: 'https://registry.example/x.tgz', shasum: '0'.repeat(40), fileCount: 7 },
      },
    },
  };

  it('reads as the whole one does, also when it is projected again, by way of JSON', () => {
    const once = projectPackument(document);
    expect(readAll(once)).toEqual(readAll(document));
    expect(projectPackument(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('leaves out the rest', () => {
    expect(projectPackument(document)).toEqual({
      name: 'sample',
      'dist-tags': { latest: '1.0.0' },
      time,
      servesEverything: true,
      versions: {
        '1.0.0': {
          name: 'sample',
          version: '1.0.0',
          dependencies: { a: '1' },
          peerDependenciesMeta: { c: { optional: true } },
          engines: { node: '>=22' },
          dist: { tarball: 'https://registry.example/x.tgz', shasum: '0'.repeat(40) },
        },
      },
    });
  });

  it.each([null, [], 'text', {}, { versions: [] }, { versions: { '1.0.0': 'text' } }])(
    'of %j is refused, or read, as that is',
    (odd) => {
      const attempt = (value: unknown) => {
        try {
          return readAll(value);
        } catch (cause) {
          return cause;
        }
      };
      expect(attempt(projectPackument(odd))).toEqual(attempt(odd));
    },
  );

  it('keeps names of the prototype as names', () => {
    const odd: unknown = JSON.parse('{"versions":{"__proto__":{"name":"sample","__proto__":{"bin":"x"}}}}');
    expect(JSON.stringify(projectPackument(odd))).toBe('{"versions":{"__proto__":{"name":"sample"}}}');
  });
});
