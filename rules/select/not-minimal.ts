/**
 * More than anybody asked for: a lower version satisfies everybody. Go builds so, by always taking the lowest version
 * that all requirements allow; in npm's trees that is a strict diet, and this rule is off until a policy wants it.
 */
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, nameAsker } from '../../src/rule.ts';

export const notMinimal: Rule = defineRule({
  id: 'not-minimal',
  family: 'select',
  title: 'A higher version than anybody asks for',
  rationale:
    'The lowest version that all requirements allow is one that somebody named; a new release never changes it by itself.',
  remedy: 'Take the lowest version that satisfies everybody: `sluice fix` does so where this rule is switched on.',
  level: 'off',
  incidents: [
    {
      what: 'Russ Cox, "Minimal Version Selection": builds that a new release does not change',
      when: '2018-02-21',
      url: 'https://research.swtch.com/vgo-mvs',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'bounds'],
  flags: [
    {
      title: 'a range that a lower version satisfies',
      registry: ['a@1.0.0: c@^1.2.0', 'c@1.2.0', 'c@1.3.0'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.3.0' },
      expect: [
        {
          message: '1.2.0 satisfies everybody, as a@1.0.0 requires; the lockfile takes 1.3.0',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.3.0'],
          target: '1.2.0',
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the lowest version of the range; nobody published the one that the range begins with',
      registry: ['a@1.0.0: c@^1.2.0', 'c@1.2.1', 'c@1.3.0'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.2.1' },
    },
    {
      title: 'a range that demands nothing',
      registry: ['a@1.0.0: c@*', 'c@1.2.0', 'c@1.3.0'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.3.0' },
    },
  ],
  check({ entry, bounds, subject }) {
    const { minimal, isAboveMinimal, floor } = bounds;
    const node = entry.after[0];
    if (!isAboveMinimal || minimal === undefined || node === undefined || entry.kind === 'rewritten') return [];
    const by = floor?.version === minimal ? `, as ${nameAsker(floor.by.from)} requires` : '';
    const message = `${minimal} satisfies everybody${by}; the lockfile takes ${subject.to}`;
    return [{ message, at: atEntry(entry.project, node), via: entry.why, target: minimal }];
  },
});
