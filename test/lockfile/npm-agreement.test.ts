/** npm's own reader is the judge: the same nodes, edges, targets and validity, on trees that npm would write and on others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryProject } from './arbitrary-project.ts';
import { dropUnreached, readWithNpm, readWithSluice, type WrittenProject } from './read-with-npm.ts';

describe('a tree is what npm sees in it', () => {
  it('for projects made by chance', { timeout: 60_000 }, async () => {
    let read = 0;
    const agrees = fc.asyncProperty(arbitraryProject, async (made) => {
      const project = hasOverrides(made) ? dropUnreached(made) : made;
      const byNpm = await readWithNpm(project);
      if (byNpm === undefined) return;
      read += 1;
      expect(readWithSluice(project)).toEqual(byNpm);
    });
    await fc.assert(agrees, { numRuns: 200, seed: 20260101 });
    expect(read).toBeGreaterThan(100);
  });

  it.each(overrideCases())('with overrides: $title', async ({ overrides, edge }) => {
    const project = writeOverridden(overrides);
    const byNpm = await readWithNpm(project);
    expect(byNpm).toContainEqual(edge);
    expect(readWithSluice(project)).toEqual(byNpm);
  });
});

function hasOverrides({ manifests }: WrittenProject): boolean {
  const root = manifests[''];
  return typeof root === 'object' && root !== null && 'overrides' in root && root.overrides !== undefined;
}

interface OverrideCase {
  readonly title: string;
  readonly overrides: unknown;
  /** What the edge from `a` to `c` becomes. */
  readonly edge: string;
}

function overrideCases(): readonly OverrideCase[] {
  const edge = (spec: string, to = 'node_modules/c', state = 'ok'): string =>
    `node_modules/a --prod c@${spec}--> ${to} ${state}`;
  return [
    { title: 'none', overrides: {}, edge: edge('^1.0.0', 'node_modules/c', 'invalid') },
    { title: 'by name', overrides: { c: '2.0.0' }, edge: edge('2.0.0 for ^1.0.0') },
    { title: 'by a range that the spec meets', overrides: { 'c@1': '2.0.0' }, edge: edge('2.0.0 for ^1.0.0') },
    {
      title: 'by a range that the spec does not meet',
      overrides: { 'c@3': '2.0.0' },
      edge: edge('^1.0.0', 'node_modules/c', 'invalid'),
    },
    { title: 'below a package', overrides: { a: { c: '2.0.0' } }, edge: edge('2.0.0 for ^1.0.0') },
    {
      title: 'below another package',
      overrides: { b: { c: '2.0.0' } },
      edge: edge('^1.0.0', 'node_modules/c', 'invalid'),
    },
    { title: 'of a package and below it', overrides: { a: { '.': '1.0.0', c: '2' } }, edge: edge('2 for ^1.0.0') },
    { title: 'by the spec of the root', overrides: { c: '$c' }, edge: edge('2.0.0 for ^1.0.0') },
    { title: 'by an empty text', overrides: { c: '' }, edge: edge('^1.0.0', 'node_modules/c', 'invalid') },
    {
      title: 'that nothing there satisfies',
      overrides: { a: { c: '3.0.0' } },
      edge: edge('3.0.0 for ^1.0.0', 'node_modules/c', 'invalid'),
    },
  ];
}

function writeOverridden(overrides: unknown): WrittenProject {
  const root = { name: 'app', version: '1.0.0', dependencies: { a: '1.0.0', c: '2.0.0' } };
  const packages = {
    '': root,
    'node_modules/a': { version: '1.0.0', dependencies: { b: '1.0.0', c: '^1.0.0' } },
    'node_modules/b': { version: '1.0.0', dependencies: { c: '^2.0.0' } },
    'node_modules/c': { version: '2.0.0' },
  };
  return {
    lockfile: { name: 'app', lockfileVersion: 3, requires: true, packages },
    manifests: { '': { ...root, overrides } },
  };
}
