/**
 * A version number that does not follow from those before it. Sabotage has a taste for such numbers (6.6.6,
 * 1.4.44-liberty-2), and whoever takes a package over often publishes to several old lines at once.
 */

import type { PublishTimes } from '../../src/model/change.ts';
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

/** A new line of majors begins at x.0.0, or close to it. */
const maxFirstMinor = 1;
const maxFirstPatch = 9;
/** A patch number that leaps further than this was not counted up. */
const maxPatchLeap = 20;
/** A major line without a release for so long is asleep. */
const dormantDays = 730;
const usualPrerelease =
  /^(alpha|beta|rc|pre|next|canary|dev|preview|snapshot|nightly|experimental|insiders|\d|[0-9a-f]{7,})/i;
const msPerDay = 86_400_000;

export const versionAnomaly: Rule = defineRule({
  id: 'version-anomaly',
  family: 'release',
  title: 'The version number does not follow from those before it',
  rationale:
    'Releases that were not made the usual way often show it in their number: a leap, an odd prerelease, an old line that wakes up.',
  remedy: 'Read the changelog of this release; where there is none, wait until others have taken it.',
  level: 'notice',
  incidents: [
    {
      what: 'faker 6.6.6 followed 5.5.3, colors 1.4.44-liberty-2 followed 1.4.1',
      when: '2022-01-08',
      url: 'https://snyk.io/blog/open-source-npm-packages-colors-faker/',
    },
  ],
  appliesToAdditions: false,
  needs: ['versions'],
  wants: ['publishTimes'],
  flags: [
    {
      title: 'a new major that begins in the middle',
      from: '5.5.3',
      to: '6.6.6',
      before: {},
      after: {},
      expect: [
        {
          message: '6.6.6 is the first release of its major, which begins at neither 6.0 nor 6.1',
          at: atRegistry('versions', '6.6.6'),
        },
      ],
    },
    {
      title: 'a prerelease with an odd name as latest, and a leap in the patch number',
      from: '1.4.1',
      to: '1.4.44-liberty-2',
      before: {},
      after: {},
      expect: [
        {
          message: 'The patch number leaps from 1.4.1 to 1.4.44-liberty-2',
          at: atRegistry('versions', '1.4.44-liberty-2'),
        },
        {
          message: 'The tag "latest" points at 1.4.44-liberty-2, a prerelease with an unusual name',
          at: atRegistry('dist-tags', 'latest'),
        },
      ],
    },
    {
      title: 'an old major that wakes up after years',
      from: '1.9.0',
      to: '1.9.1',
      before: {},
      after: {},
      facts: {
        versions: known({ versions: ['1.9.0', '1.9.1', '3.0.0'], distTags: { latest: '3.0.0' } }),
        publishTimes: known(
          new Map([
            ['1.9.0', '2019-03-01T00:00:00Z'],
            ['3.0.0', '2024-03-01T00:00:00Z'],
            ['1.9.1', '2026-01-01T00:00:00Z'],
          ]),
        ),
      },
      expect: [
        { message: '1.9.1 continues a major that had no release for 2498 days', at: atRegistry('time', '1.9.1') },
      ],
    },
  ],
  passes: [
    { title: 'the next major', from: '5.5.3', to: '6.0.0', before: {}, after: {} },
    { title: 'a usual prerelease on its own tag', from: '5.5.3', to: '6.0.0-rc.1', before: {}, after: {} },
    { title: 'calendar versions', from: '2025.12.3', to: '2026.4.1', before: {}, after: {} },
  ],
  check({ versions, publishTimes, subject }) {
    const to = findNumber(subject.to);
    if (to === undefined) return [];
    const others = versions.versions
      .filter((version) => version !== subject.to)
      .flatMap((version) => findNumber(version) ?? []);
    const sameMajor = others.filter((version) => version.major === to.major && isBelow(version, to));
    const at = atRegistry('versions', subject.to);
    const evidence: Evidence<never>[] = [];
    if (isOddStart(to, sameMajor, others)) {
      const message = `${subject.to} is the first release of its major, which begins at neither ${to.major}.0 nor ${to.major}.${maxFirstMinor}`;
      evidence.push({ message, at });
    }
    const previous = sameMajor
      .filter((version) => version.minor === to.minor)
      .toSorted((a, b) => a.patch - b.patch)
      .at(-1);
    if (previous !== undefined && to.patch - previous.patch > maxPatchLeap) {
      evidence.push({ message: `The patch number leaps from ${shorten(previous.text)} to ${subject.to}`, at });
    }
    if (
      versions.distTags['latest'] === subject.to &&
      to.prerelease !== undefined &&
      !usualPrerelease.test(to.prerelease)
    ) {
      const message = `The tag "latest" points at ${subject.to}, a prerelease with an unusual name`;
      evidence.push({ message, at: atRegistry('dist-tags', 'latest') });
    }
    const sleepDays = publishTimes.known ? findSleepDays(to, others, publishTimes.value) : undefined;
    if (sleepDays !== undefined && sleepDays > dormantDays) {
      const message = `${subject.to} continues a major that had no release for ${sleepDays} days`;
      evidence.push({ message, at: atRegistry('time', subject.to) });
    }
    return evidence;
  },
});

interface VersionNumber {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: string | undefined;
}

function findNumber(text: string): VersionNumber | undefined {
  const match = /^[v=\s]*(\d{1,16})\.(\d{1,16})\.(\d{1,16})(?:-([0-9A-Za-z.-]+))?/.exec(text);
  if (match === null) return undefined;
  return { text, major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), prerelease: match[4] };
}

function isBelow(left: VersionNumber, right: VersionNumber): boolean {
  return left.minor !== right.minor ? left.minor < right.minor : left.patch <= right.patch;
}

/** Years and other large numbers count something else than breaking changes. */
function isOddStart(to: VersionNumber, sameMajor: readonly VersionNumber[], others: readonly VersionNumber[]): boolean {
  const continues = others.some((version) => version.major < to.major);
  const isCalendar = to.major >= 1000 || others.some((version) => version.major >= 1000);
  const startsHigh = to.minor > maxFirstMinor || to.patch > maxFirstPatch;
  return sameMajor.length === 0 && to.major > 0 && continues && !isCalendar && startsHigh;
}

/** How long the line of majors that `to` continues was silent; undefined when it is the newest line, or nobody knows. */
function findSleepDays(to: VersionNumber, others: readonly VersionNumber[], times: PublishTimes): number | undefined {
  if (!others.some((version) => version.major > to.major && version.prerelease === undefined)) return undefined;
  const released = Date.parse(times.get(to.text) ?? '');
  const earlier = others
    .filter((version) => version.major === to.major)
    .map((version) => Date.parse(times.get(version.text) ?? ''))
    .filter((instant) => instant < released);
  return earlier.length === 0
    ? undefined
    : Math.floor((released - earlier.reduce((latest, instant) => Math.max(latest, instant))) / msPerDay);
}
