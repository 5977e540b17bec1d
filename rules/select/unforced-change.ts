/**
 * npm took a newer version of something that nobody touched: the one that was locked still satisfies everybody. Such
 * changes ride along with any update, and nobody asked for them, nor looks at them.
 */
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule } from '../../src/rule.ts';

export const unforcedChange: Rule = defineRule({
  id: 'unforced-change',
  family: 'select',
  title: 'A dependency of a dependency changed without need',
  rationale:
    'An update should bring the new version and what it requires, and nothing else: the rest is untested here, and nobody asked for it.',
  remedy: 'Take the locked version back: `sluice fix` does so. Update this package by itself when somebody wants it.',
  level: 'review',
  incidents: [
    {
      what: 'Russ Cox: upgrading one module should bring that module and its implied requirements, nothing else',
      when: '2018-02-21',
      url: 'https://research.swtch.com/vgo-mvs',
    },
    {
      what: 'colors 1.4.1 reached projects that changed something else that day',
      when: '2022-01-08',
      url: 'https://research.swtch.com/npm-colors',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  wants: ['advisories'],
  kinds: {
    'fixes-advisory': { level: 'notice', about: 'The change leaves a version behind for which an advisory holds.' },
  },
  flags: [
    {
      title: 'a package came along with the update of another',
      registry: ['a@1.0.0: c@^1', 'a@1.1.0: c@^1', 'c@1.0.0', 'c@1.0.1'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0 c@1.0.1' },
      expect: [
        {
          message: '1.0.1 is new here, though 1.0.0, which was locked, still satisfies everybody who asks for it',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.1.0', 'c@1.0.1'],
          target: '1.0.0',
        },
      ],
    },
    {
      title: 'the same, but the old version has an advisory',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@1.0.1'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.1' },
      facts: {
        c: {
          advisories: {
            known: true,
            value: {
              before: [
                {
                  id: 'GHSA-aaaa-bbbb-cccc',
                  title: 'c reads too far',
                  url: 'https://advisories.invalid/GHSA-aaaa-bbbb-cccc',
                  severity: 'high',
                  isMalware: false,
                  vulnerableVersions: '<1.0.1',
                },
              ],
              after: [],
              firstFixed: '1.0.1',
            },
          },
        },
      },
      expect: [
        {
          kind: 'fixes-advisory',
          message: '1.0.1 is new here; 1.0.0, which was locked, has the advisory GHSA-aaaa-bbbb-cccc',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.0.1'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the update requires it',
      registry: ['a@1.0.0: c@^1.0.0', 'a@1.1.0: c@^1.0.1', 'c@1.0.0', 'c@1.0.1'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0 c@1.0.1' },
    },
    {
      title: 'the project itself asks for it',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
    },
    {
      title: 'an override names it',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@1.0.1'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.1', manifest: { overrides: { c: '1.0.1' } } },
    },
  ],
  check({ entry, advisories, subject }) {
    const { kind, keepable, direct, asked, after, project, why } = entry;
    // A step back is judged by a rule of its own.
    if ((kind !== 'updated' && kind !== 'added') || keepable === undefined || direct || asked) return [];
    const node = after[0];
    if (node === undefined) return [];
    const at = atEntry(project, node);
    const left = advisories.known
      ? advisories.value.before.filter(({ id }) => !advisories.value.after.some((other) => other.id === id))
      : [];
    if (left.length > 0) {
      const ids = left.map(({ id }) => id).join(', ');
      const message = `${subject.to} is new here; ${keepable}, which was locked, has the advisory ${ids}`;
      return [{ kind: 'fixes-advisory', message, at, via: why }];
    }
    const message = `${subject.to} is new here, though ${keepable}, which was locked, still satisfies everybody who asks for it`;
    return [{ message, at, via: why, target: keepable }];
  },
});
