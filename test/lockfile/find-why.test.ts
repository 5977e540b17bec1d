import { describe, expect, it } from 'vitest';
import { findWhy, isDirect } from '../../src/lockfile/find-why.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import type { LockNode, LockTree } from '../../src/model/lock-tree.ts';

function read(packages: Readonly<Record<string, unknown>>): LockTree {
  const text = JSON.stringify({ lockfileVersion: 3, packages });
  return parseLockfile({ path: 'package-lock.json', text, manifests: new Map() });
}

function nodeAt(tree: LockTree, location: string): LockNode {
  const node = tree.nodes.get(location);
  if (node === undefined) throw new Error(`there is nothing at ${location}`);
  return node;
}

const entry = (dependencies: Readonly<Record<string, string>> = {}): unknown => ({ version: '1.0.0', dependencies });

describe('the way from the project down', () => {
  it('is the shortest', () => {
    const tree = read({
      '': { name: 'app', dependencies: { a: '*', b: '*' } },
      'node_modules/a': entry({ c: '*' }),
      'node_modules/b': entry({ d: '*' }),
      'node_modules/c': entry({ d: '*' }),
      'node_modules/d': entry({ a: '*' }),
    });
    expect(findWhy(nodeAt(tree, 'node_modules/d'))).toEqual(['app', 'b@1.0.0', 'd@1.0.0']);
    expect(findWhy(nodeAt(tree, 'node_modules/c'))).toEqual(['app', 'a@1.0.0', 'c@1.0.0']);
    expect(findWhy(tree.root)).toEqual(['app']);
  });

  it('is one that ships, where there is one, though it be longer', () => {
    const tree = read({
      '': { dependencies: { a: '*' }, devDependencies: { c: '*', d: '*' } },
      'node_modules/a': entry({ b: '*' }),
      'node_modules/b': entry({ c: '*' }),
      'node_modules/c': entry(),
      'node_modules/d': entry(),
    });
    expect(findWhy(nodeAt(tree, 'node_modules/c'))).toEqual(['the project', 'a@1.0.0', 'b@1.0.0', 'c@1.0.0']);
    expect(findWhy(nodeAt(tree, 'node_modules/d'))).toEqual(['the project', 'd@1.0.0']);
  });

  it('leads through workspaces, and names an alias by what it stands for', () => {
    const tree = read({
      '': { name: 'app', workspaces: ['packages/*'] },
      'node_modules/web': { resolved: 'packages/web', link: true },
      'packages/web': { version: '0.0.1', dependencies: { a: 'npm:real@1' } },
      'node_modules/a': { name: 'real', version: '1.0.0' },
    });
    const node = nodeAt(tree, 'node_modules/a');
    expect(findWhy(node)).toEqual(['app', 'web', 'real@1.0.0']);
    expect(isDirect(node)).toBe(true);
  });

  it('is none for what nothing asks for, in a circle or not', () => {
    const tree = read({
      '': { name: 'app' },
      'node_modules/a': entry({ b: '*' }),
      'node_modules/b': entry({ a: '*' }),
    });
    expect(findWhy(nodeAt(tree, 'node_modules/a'))).toEqual(['a@1.0.0']);
  });
});

describe('a direct dependency', () => {
  it('is one that the project itself asks for', () => {
    const tree = read({
      '': { devDependencies: { a: '*' } },
      'node_modules/a': entry({ b: '*' }),
      'node_modules/b': entry(),
    });
    expect(['a', 'b'].map((key) => isDirect(nodeAt(tree, `node_modules/${key}`)))).toEqual([true, false]);
  });
});
