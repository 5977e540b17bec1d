/**
 * A version that is newer than anything its dependents were ever tried with. Sabotage reaches most projects this way:
 * hours after it is published, npm takes it into every tree whose ranges let it in.
 */
import { known } from '../../src/model/fact.ts';
import type { TarballAnswer, TestedVersion } from '../../src/model/lock-change.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, nameAsker } from '../../src/rule.ts';

const msPerDay = 86_400_000;

export const aheadOfTested: Rule = defineRule({
  id: 'ahead-of-tested',
  family: 'select',
  title: 'A version that nobody who depends on it was tested with',
  rationale:
    'Who published the dependent ran its tests with the versions of that day. A later one is tried here for the first time.',
  remedy: 'Take the version that was tested: `sluice fix` does so. Or wait until a dependent asks for the newer one.',
  level: 'review',
  incidents: [
    {
      what: 'Russ Cox: colors 1.4.44-liberty-2 broke builds within hours, in trees whose packages never were tested with it',
      when: '2022-01-10',
      url: 'https://research.swtch.com/npm-colors',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'tested'],
  wants: ['publishTimes', 'tarballAnswer'],
  kinds: {
    'younger-than-cooldown': { level: 'block', about: 'It was published less than the cooldown ago, too.' },
    'with-install-script': { level: 'block', about: 'Its tarball brings a new install script, too.' },
    'tarball-doubtful': { level: 'block', about: 'The comparison of its tarballs asks for a review, too.' },
  },
  flags: [
    {
      title: 'published long after the package that depends on it',
      registry: ['a@1.0.0 2022-01-01: c@^1', 'c@1.0.0 2021-06-01', 'c@1.4.0 2021-12-01', 'c@1.5.0 2022-03-01'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.5.0' },
      expect: [
        {
          message: '1.5.0 is newer than 1.4.0, the newest version that a@1.0.0 can have been tested with',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.5.0'],
          target: '1.4.0',
        },
      ],
    },
    {
      title: 'and published the day before',
      registry: ['a@1.0.0 2022-01-01: c@^1', 'c@1.4.0 2021-12-01', 'c@1.5.0 2025-12-31'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.5.0' },
      expect: [
        {
          kind: 'younger-than-cooldown',
          message:
            '1.5.0 is newer than 1.4.0, the newest version that a@1.0.0 can have been tested with, and was published less than the cooldown ago',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.5.0'],
          target: '1.4.0',
        },
      ],
    },
    {
      title: 'and with an install script that was not there, or another doubt',
      registry: [
        'a@1.0.0 2022-01-01: b@^1 c@^1',
        'b@1.0.0 2021-12-01',
        'b@1.1.0 2022-03-01',
        'c@1.4.0 2021-12-01',
        'c@1.5.0 2022-03-01',
      ],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 b@1.1.0 c@1.5.0' },
      facts: {
        b: {
          tarballAnswer: known({ result: 'review', rules: ['network-added'], addsInstallScript: false }),
        },
        c: {
          tarballAnswer: known({ result: 'review', rules: ['install-script-added'], addsInstallScript: true }),
        },
      },
      expect: [
        {
          kind: 'tarball-doubtful',
          message:
            '1.1.0 is newer than 1.0.0, the newest version that a@1.0.0 can have been tested with, and its tarball needs a look (network-added)',
          at: { in: 'lockfile', path: 'package-lock.json', line: 23, pointer: '/packages/node_modules~1b' },
          via: ['app', 'a@1.0.0', 'b@1.1.0'],
          target: '1.0.0',
        },
        {
          kind: 'with-install-script',
          message:
            '1.5.0 is newer than 1.4.0, the newest version that a@1.0.0 can have been tested with, and brings a new install script',
          at: { in: 'lockfile', path: 'package-lock.json', line: 28, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.5.0'],
          target: '1.4.0',
        },
      ],
    },
  ],
  passes: [
    {
      title: 'published within a day of the dependent, as packages for single platforms are',
      registry: ['a@1.0.0 2022-01-01: c@^1', 'c@1.0.0 2021-06-01', 'c@1.0.1 2022-01-01T20:00:00Z'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.0.1' },
    },
    {
      title: 'the dependent names exactly this version, or requires it by its range',
      registry: [
        'a@1.0.0 2022-01-01: c@1.5.0',
        'b@1.0.0 2022-01-01: d@>=2',
        'c@1.5.0 2022-03-01',
        'd@2.0.0 2022-03-01',
      ],
      after: { asks: 'a@1.0.0 b@1.0.0', tree: 'a@1.0.0 b@1.0.0 c@1.5.0 d@2.0.0' },
    },
    {
      title: 'an override names it',
      registry: ['a@1.0.0 2022-01-01: c@^1', 'c@1.4.0 2021-12-01', 'c@1.5.0 2022-03-01'],
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.5.0', manifest: { overrides: { c: '1.5.0' } } },
    },
  ],
  check({ entry, tested, publishTimes, tarballAnswer, subject, asOf, cooldownDays }) {
    const { instead } = tested;
    const node = entry.after[0];
    if (instead === undefined || node === undefined || entry.kind === 'rewritten') return [];
    const publishedAt = publishTimes.known ? publishTimes.value.get(subject.to) : undefined;
    const isYoung = publishedAt !== undefined && Date.parse(asOf) - Date.parse(publishedAt) < cooldownDays * msPerDay;
    const doubt = findDoubt(isYoung, tarballAnswer.known ? tarballAnswer.value : undefined);
    const place = { at: atEntry(entry.project, node), via: entry.why, target: instead };
    const message = `${subject.to} is newer than ${nameLimit(tested, instead)}`;
    if (doubt === undefined) return [{ message, ...place }];
    return [{ kind: doubt.kind, message: `${message}, and ${doubt.what}`, ...place }];
  },
});

function nameLimit({ version, by }: TestedVersion, instead: string): string {
  if (instead !== version) return `${instead}, the lowest version that somebody requires, and than any that was tested`;
  const tester = by === undefined ? 'anybody' : nameAsker(by.from);
  return `${instead}, the newest version that ${tester} can have been tested with`;
}

/** What makes an untested version more than a question of taste; the gravest alone is said. */
function findDoubt(isYoung: boolean, tarball: TarballAnswer | undefined) {
  if (tarball?.addsInstallScript) return { kind: 'with-install-script', what: 'brings a new install script' } as const;
  if (tarball?.result === 'review' || tarball?.result === 'block') {
    return { kind: 'tarball-doubtful', what: `its tarball needs a look (${tarball.rules.join(', ')})` } as const;
  }
  if (isYoung) return { kind: 'younger-than-cooldown', what: 'was published less than the cooldown ago' } as const;
  return undefined;
}
