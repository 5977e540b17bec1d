import { describe, expect, it } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import { parseProjectManifest } from '../../src/lockfile/parse-project-manifest.ts';

function refusal(text: string): string {
  try {
    parseProjectManifest(text, 'web/package.json', '');
  } catch (error) {
    if (error instanceof GuardError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'it was read';
}

describe('a package.json of the project', () => {
  it('says what the project asks for, and to whom it is open', () => {
    const manifest = {
      name: 'app',
      version: '1.0.0',
      private: true,
      dependencies: { a: '^1' },
      devDependencies: { b: '2' },
      optionalDependencies: { c: '*' },
      peerDependencies: { d: '>=1', e: '*' },
      peerDependenciesMeta: { d: { optional: true } },
      overrides: { a: { '.': '1.0.0', x: '$b' } },
      workspaces: { packages: ['packages/*'] },
      allowScripts: { 'a@1.0.0': true, b: false },
      scripts: { test: 'x' },
    };
    expect(parseProjectManifest(`\uFEFF${JSON.stringify(manifest)}`, 'package.json', 'packages/web')).toEqual({
      folder: 'packages/web',
      name: 'app',
      version: '1.0.0',
      isPrivate: true,
      dependencies: { a: '^1' },
      devDependencies: { b: '2' },
      optionalDependencies: { c: '*' },
      peerDependencies: { d: '>=1', e: '*' },
      optionalPeers: ['d'],
      overrides: { a: { '.': '1.0.0', x: '$b' } },
      workspaces: ['packages/*'],
      allowScripts: { 'a@1.0.0': true, b: false },
    });
  });

  it('may say next to nothing', () => {
    const { dependencies, workspaces, isPrivate } = parseProjectManifest('{}', 'package.json', '');
    expect([dependencies, workspaces, isPrivate]).toEqual([{}, [], false]);
  });

  it.each([
    ['{', 'manifest-invalid: web/package.json ends in the middle: it is cut off.'],
    ['[]', 'manifest-invalid: web/package.json is JSON, but no object.'],
    ['{"name": 1}', 'manifest-invalid: web/package.json cannot be read: "name" must be a text, not 1.'],
    [
      '{"dependencies": {"a": 1}}',
      'manifest-invalid: web/package.json cannot be read: "dependencies.a" must be a text, not 1.',
    ],
    [
      '{"allowScripts": {"a": "yes"}}',
      'manifest-invalid: web/package.json cannot be read: "allowScripts.a" must be true or false, not a text.',
    ],
    [
      '{"dependencies": {},\n"dependencies": {"a": "1"}}',
      'manifest-invalid: web/package.json, line 2: the key "dependencies" stands in the same object twice; npm takes the last one, and a reader the first.',
    ],
    [
      '{"dependencies": {"__proto__": "1"}}',
      'manifest-invalid: web/package.json, line 1: the key "__proto__" names nothing that npm has; take it out.',
    ],
  ])('is refused: %s', (text, message) => {
    expect(refusal(text)).toBe(message);
  });
});
