/** The worked example of docs/selection.md, computed: what a person reads there is what Sluice says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import { findBounds } from '../../src/select/find-bounds.ts';
import { findKeepable } from '../../src/select/find-keepable.ts';
import { findTested } from '../../src/select/find-tested.ts';
import { parseRegistryNotation, publishTimesOf } from '../support/lock-notation.ts';
import { buildTree, copiesOf } from './build-tree.ts';

const page = readFileSync(new URL('../../docs/selection.md', import.meta.url), 'utf8');
const [root = '', ...lines] = /```text\n(.*?)\n```/s.exec(page)?.[1]?.split('\n') ?? [];

function ask(more: readonly string[] = [], b = '1.4.0') {
  const registry = parseRegistryNotation([...lines, ...more]);
  const versions = (registry.get('c') ?? []).map(({ version }) => version);
  const tree = buildTree({ registry, asks: root.replace('root: ', ''), tree: `a@1.2.0 b@${b} c@1.4.0` });
  const copies = copiesOf(tree, 'c');
  const tested = findTested(copies, versions, {
    times: publishTimesOf(registry, 'c'),
    parentTimes: (name) => known(publishTimesOf(registry, name)),
    asOf: '2022-04-01T00:00:00Z',
    cooldownDays: 7,
    excluded: new Set(),
  });
  if (!tested.known) throw new Error(tested.detail);
  return { bounds: findBounds(copies, versions, new Set()), tested: tested.value, copies };
}

describe('the example in docs/selection.md', () => {
  it('has the floor, the minimal and the tested version that it says', () => {
    const { bounds, tested, copies } = ask();
    expect(bounds.lowest.map(({ version, by }) => [by.from.name, version])).toEqual([
      ['a', '1.1.0'],
      ['b', '1.0.0'],
    ]);
    expect([bounds.floor?.version, bounds.floor?.by.from.name, bounds.minimal]).toEqual(['1.1.0', 'a', '1.1.0']);
    expect([tested.version, tested.by?.from.name, tested.instead]).toEqual(['1.3.0', 'b', '1.3.0']);
    expect(findKeepable(copies, ['1.2.0'])).toBe('1.2.0');
  });

  it('is forced where a newer b asks for the newest', () => {
    const { bounds, tested } = ask(['b@1.4.1 2022-03-02: c@^1.4'], '1.4.1');
    expect([bounds.floor?.version, tested.instead]).toEqual(['1.4.0', undefined]);
  });

  it('stays as it is whatever is published afterwards', () => {
    const later = ask(['c@1.1.1 2022-04-02', 'c@1.4.1 2022-04-02', 'c@2.0.0 2022-04-03']);
    expect({ ...later.tested, by: later.tested.by?.from.name }).toEqual({ ...ask().tested, by: 'b' });
  });
});
