/** Who asked for a change: manifests, overrides, or a dependent that demands more than the base had. */
import { describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/model/lock-change.ts';
import type { ProjectManifest } from '../../src/model/lock-tree.ts';
import { isAsked, isNamedAnew } from '../../src/select/is-asked.ts';
import { parseRegistryNotation } from '../support/lock-notation.ts';
import { buildTree, copiesOf } from './build-tree.ts';

const empty: ProjectManifest = {
  folder: '',
  name: 'app',
  version: '1.0.0',
  isPrivate: true,
  dependencies: {},
  devDependencies: {},
  optionalDependencies: {},
  peerDependencies: {},
  optionalPeers: [],
  overrides: {},
  workspaces: [],
  allowScripts: {},
};

function stateOf(...manifests: readonly Partial<ProjectManifest>[]): ProjectState {
  const full = manifests.map((manifest) => ({ ...empty, ...manifest }));
  return { tree: undefined, manifests: new Map(full.map((manifest) => [manifest.folder, manifest])) };
}

describe('a package is named anew', () => {
  const cases: readonly [title: string, before: ProjectState | undefined, after: ProjectState, named: boolean][] = [
    ['when its spec is new', stateOf({}), stateOf({ dependencies: { c: '^1' } }), true],
    ['when its spec changed', stateOf({ dependencies: { c: '^1' } }), stateOf({ dependencies: { c: '^2' } }), true],
    ['when the project is new', undefined, stateOf({ devDependencies: { c: '^1' } }), true],
    [
      'when a workspace names it',
      stateOf({}, { folder: 'web' }),
      stateOf({}, { folder: 'web', dependencies: { c: '^1' } }),
      true,
    ],
    ['under an alias', stateOf({}), stateOf({ dependencies: { other: 'npm:c@^1' } }), true],
    ['not when the name is an alias of another', stateOf({}), stateOf({ dependencies: { c: 'npm:d@^1' } }), false],
    ['not when its spec stayed', stateOf({ dependencies: { c: '^1' } }), stateOf({ dependencies: { c: '^1' } }), false],
    [
      'not when it moved to another field',
      stateOf({ dependencies: { c: '^1' } }),
      stateOf({ devDependencies: { c: '^1' } }),
      false,
    ],
    ['not when its spec is gone', stateOf({ dependencies: { c: '^1' } }), stateOf({}), false],
    ['when an override is new', stateOf({}), stateOf({ overrides: { c: '1.0.0' } }), true],
    ['when an override changed', stateOf({ overrides: { c: '1.0.0' } }), stateOf({ overrides: { c: '1.1.0' } }), true],
    ['when an override is gone', stateOf({ overrides: { c: '1.0.0' } }), stateOf({}), true],
    ['when an override below another is new', stateOf({}), stateOf({ overrides: { a: { 'c@^1': '1.0.0' } } }), true],
    ['when an override of its own object is new', stateOf({}), stateOf({ overrides: { c: { '.': '1.0.0' } } }), true],
    ['not when an override is about another', stateOf({}), stateOf({ overrides: { c: { d: '1.0.0' } } }), false],
    [
      'when what an override refers to changed',
      stateOf({ overrides: { c: '$d' }, dependencies: { d: '^1' } }),
      stateOf({ overrides: { c: '$d' }, dependencies: { d: '^2' } }),
      true,
    ],
  ];
  it.each(cases)('%s', (_, ...[before, after, named]) => {
    expect(isNamedAnew('c', { before, after })).toBe(named);
  });
});

describe('a change is asked for', () => {
  const registry = parseRegistryNotation(['c@1.1.0', 'c@1.2.0', 'a@1.0.0: c@^1.1', 'a@1.1.0: c@^1.2']);
  const base = buildTree({ registry, asks: 'a@1', tree: 'a@1.0.0 c@1.1.0' });
  const asked = (tree: string) => {
    const after = buildTree({ registry, asks: 'a@1', tree });
    const [node] = copiesOf(after, 'c');
    const manifests = stateOf({ dependencies: { a: '1' } }).manifests;
    return node && isAsked(node, { before: { tree: base, manifests }, after: { tree: after, manifests } });
  };

  it('when a dependent demands what the base did not have', () => {
    expect(asked('a@1.1.0 c@1.2.0')).toBe(true);
  });

  it('not when every dependent would take what the base has', () => {
    expect(asked('a@1.0.0 c@1.2.0')).toBe(false);
  });
});
