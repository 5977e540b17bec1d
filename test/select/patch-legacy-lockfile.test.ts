/** A lockfile of version 1, and the half of version 2 that npm 6 reads: copies lie inside of the entries above them. */
import { describe, expect, it } from 'vitest';
import { integrityOf, parseRegistryNotation, writeLockfile } from '../support/lock-notation.ts';
import { type AskedPatch, patchNoted } from './patch-noted.ts';

describe('the half of a lockfile that npm 6 reads', () => {
  const legacy = (nested: string): string => `{
  "name": "app",
  "lockfileVersion": 1,
  "requires": true,
  "dependencies": {
    "a": {
      "version": "1.0.0",
      "resolved": "https://registry.example/a/-/a-1.0.0.tgz",
      "integrity": "${integrityOf('a', '1.0.0')}",
      "requires": {
        "c": "^1"
      }${nested}
    }
  }
}
`;
  const copy = (version: string, more = ''): string => `,
      "dependencies": {
        "c": {
          "version": "${version}",
          "resolved": "https://registry.example/c/-/c-${version}.tgz",
          "integrity": "${integrityOf('c', version)}"${more}
        }
      }`;
  const nested: AskedPatch = {
    registry: ['b@1.0.0', 'c@1.0.0', 'c@1.1.0', 'c@1.2.0: b@1', 'a@1.0.0: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 a/c@1.1.0',
    take: 'c@1.0.0',
  };

  it('is edited where copies lie inside of others', () => {
    expect(patchNoted(nested, () => legacy(copy('1.1.0'))).text).toBe(legacy(copy('1.0.0')));
  });

  it('says in its own way what a package requires', () => {
    const requires = ',\n          "requires": {\n            "b": "1"\n          }';
    const withB = { ...nested, tree: 'a@1.0.0 a/c@1.1.0 b@1.0.0', take: 'c@1.2.0' };
    expect(patchNoted(withB, () => legacy(copy('1.1.0'))).text).toBe(legacy(copy('1.2.0', requires)));
  });

  it('loses what nobody needs', () => {
    const registry = ['c@1.1.0', 'a@1.0.0', 'a@1.1.0: c@^1'];
    const before = legacy(copy('1.1.0')).replaceAll('1.0.0', '1.1.0');
    const { text } = patchNoted({ registry, asks: 'a@1', tree: 'a@1.1.0 a/c@1.1.0', take: 'a@1.0.0' }, () => before);
    expect(JSON.parse(text).dependencies).toEqual({
      a: {
        version: '1.0.0',
        resolved: 'https://registry.example/a/-/a-1.0.0.tgz',
        integrity: integrityOf('a', '1.0.0'),
      },
    });
  });

  it('is edited together with the other half', () => {
    const halves = (version: string): string => {
      const { packages } = JSON.parse(
        writeLockfile({ ...nested, registry: parseRegistryNotation(nested.registry), tree: `a@1.0.0 a/c@${version}` })
          .lockfile,
      );
      const { dependencies } = JSON.parse(legacy(copy(version)));
      return JSON.stringify({ name: 'app', lockfileVersion: 2, requires: true, packages, dependencies }, undefined, 2);
    };
    expect(patchNoted(nested, () => halves('1.1.0')).text).toBe(halves('1.0.0'));
  });
});
