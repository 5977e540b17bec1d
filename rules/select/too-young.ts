/**
 * Published so recently that nobody can have noticed anything yet. Most hijacks are found and taken down within hours
 * or days; who waits that long never has them.
 */
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule } from '../../src/rule.ts';

const msPerDay = 86_400_000;

export const tooYoung: Rule = defineRule({
  id: 'too-young',
  family: 'select',
  title: 'The version was published a short while ago',
  rationale:
    'Hijacked releases are mostly found within days, by those who installed them first. Let it not be this project.',
  remedy:
    'Wait until the day that is named, or take the version named here. The policy sets the number of days in cooldownDays.',
  level: 'review',
  incidents: [
    {
      what: 'chalk, debug and 16 other packages were hijacked, and taken down within about two hours',
      when: '2025-09-08',
      url: 'https://www.aikido.dev/blog/npm-debug-and-chalk-packages-compromised',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'publishTimes'],
  wants: ['advisories', 'tested'],
  kinds: {
    'fixes-advisory': {
      level: 'notice',
      about: 'It is exactly the version that fixes an advisory which the base has: waiting would be worse.',
    },
  },
  flags: [
    {
      title: 'published the day before',
      registry: ['a@1.0.0 2025-06-01', 'a@1.1.0 2025-12-31'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
      expect: [
        {
          message: '1.1.0 was published 1 day ago, on 2025-12-31; it is old enough on 2026-01-03',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a' },
          via: ['app', 'a@1.1.0'],
          target: '1.0.0',
        },
      ],
    },
    {
      title: 'published the day before, to fix an advisory',
      registry: ['a@1.0.0 2025-06-01', 'a@1.0.1 2025-12-31T12:00:00Z'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.1' },
      facts: {
        a: {
          advisories: {
            known: true,
            value: {
              before: [
                {
                  id: 'GHSA-aaaa-bbbb-cccc',
                  title: 'a reads too far',
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
          message:
            '1.0.1 was published less than a day ago, on 2025-12-31, and is the version that fixes GHSA-aaaa-bbbb-cccc',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a' },
          via: ['app', 'a@1.0.1'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'published long ago',
      registry: ['a@1.0.0 2025-06-01', 'a@1.1.0 2025-12-01'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
    },
  ],
  check({ entry, publishTimes, advisories, tested, subject, asOf, cooldownDays }) {
    const publishedAt = publishTimes.get(subject.to);
    const node = entry.after[0];
    if (publishedAt === undefined || node === undefined) return [];
    const ageMs = Date.parse(asOf) - Date.parse(publishedAt);
    if (ageMs >= cooldownDays * msPerDay) return [];
    const place = { at: atEntry(entry.project, node), via: entry.why };
    const born = `${subject.to} was published ${describeAge(ageMs)}, on ${publishedAt.slice(0, 10)}`;
    const fixed = advisories.known && advisories.value.firstFixed === subject.to ? advisories.value.before : [];
    if (fixed.length > 0) {
      const ids = fixed.map(({ id }) => id).join(', ');
      return [{ kind: 'fixes-advisory', message: `${born}, and is the version that fixes ${ids}`, ...place }];
    }
    const readyOn = new Date(Date.parse(publishedAt) + cooldownDays * msPerDay).toISOString().slice(0, 10);
    const older = tested.known ? tested.value.newestOldEnough : undefined;
    const target = older === undefined || older === subject.to ? {} : { target: older };
    return [{ message: `${born}; it is old enough on ${readyOn}`, ...place, ...target }];
  },
});

function describeAge(ageMs: number): string {
  const days = Math.floor(ageMs / msPerDay);
  if (days < 1) return ageMs < 0 ? 'in the future' : 'less than a day ago';
  return days === 1 ? '1 day ago' : `${days} days ago`;
}
