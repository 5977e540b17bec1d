/**
 * The locked version is one that nobody should choose any more: malware, known to be vulnerable, or withdrawn by its
 * own maintainers. What the base has already is said, but is not this change's doing; malware always is.
 */

import type { Fact } from '../../src/model/fact.ts';
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Advisory, VersionBounds } from '../../src/model/lock-change.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, nameAsker, shorten } from '../../src/rule.ts';

type Kind = 'critical' | 'high' | 'moderate' | 'not-new' | 'deprecated';

const kindOf = {
  critical: 'critical',
  high: 'high',
  moderate: 'moderate',
  low: 'moderate',
  info: 'moderate',
} as const satisfies Readonly<Record<Advisory['severity'], Kind>>;

export const excludedVersion: Rule = defineRule({
  id: 'excluded-version',
  family: 'select',
  title: 'The locked version is malware, vulnerable or deprecated',
  rationale: 'That there is something wrong with this version is known, and written down where everybody can read it.',
  remedy: 'Take the version named here. Where there is none, the package that forces this one has to change first.',
  level: 'block',
  incidents: [
    {
      what: 'Advisory GHSA-5rqg-jm4f-cqx7: colors from 1.4.1 on loops without end',
      when: '2022-01-10',
      url: 'https://github.com/advisories/GHSA-5rqg-jm4f-cqx7',
    },
    {
      what: 'ua-parser-js 0.7.29, 0.8.0 and 1.0.0 held malware, and stayed in lockfiles afterwards',
      when: '2021-10-22',
      url: 'https://github.com/advisories/GHSA-pjwm-rvh2-c87w',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'advisories'],
  wants: ['deprecation', 'bounds'],
  kinds: {
    critical: { level: 'block', about: 'The change brings in a version with an advisory of critical severity.' },
    high: { level: 'review', about: 'The change brings in a version with an advisory of high severity.' },
    moderate: {
      level: 'notice',
      about: 'The change brings in a version with an advisory of moderate or low severity.',
    },
    'not-new': { level: 'notice', about: 'The base has the same advisory, so the change makes nothing worse.' },
    deprecated: { level: 'notice', about: 'Its maintainers advise against this version.' },
  },
  flags: [
    {
      title: 'malware, and what else there can be against a version',
      registry: ['a@1.0.0', 'a@1.1.0', 'a@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
      facts: {
        a: {
          advisories: known({
            before: [adviseAgainst('low', 'GHSA-oooo-llll-dddd')],
            after: [
              { ...adviseAgainst('critical', 'GHSA-mmmm-aaaa-llll'), isMalware: true },
              adviseAgainst('critical', 'GHSA-cccc-rrrr-iiii'),
              adviseAgainst('high', 'GHSA-hhhh-iiii-gggg'),
              adviseAgainst('low', 'GHSA-llll-oooo-wwww'),
              adviseAgainst('low', 'GHSA-oooo-llll-dddd'),
            ],
            firstFixed: '1.2.0',
          }),
          deprecation: known('use 1.2.0'),
          bounds: known({
            floor: undefined,
            minimal: '1.2.0',
            isAboveMinimal: false,
            lowest: [],
            lowestSafe: '1.2.0',
            forced: undefined,
          }),
        },
      },
      expect: [
        seenOf('1.1.0 is malware: an advisory (GHSA-mmmm-aaaa-llll)'),
        { kind: 'critical', ...seenOf('1.1.0 has the advisory GHSA-cccc-rrrr-iiii (critical): an advisory') },
        { kind: 'high', ...seenOf('1.1.0 has the advisory GHSA-hhhh-iiii-gggg (high): an advisory') },
        { kind: 'moderate', ...seenOf('1.1.0 has the advisory GHSA-llll-oooo-wwww (low): an advisory') },
        {
          kind: 'not-new',
          ...seenOf('1.1.0 has the advisory GHSA-oooo-llll-dddd (low), as what it replaces: an advisory'),
        },
        { kind: 'deprecated', ...seenOf('1.1.0 is deprecated: use 1.2.0') },
      ],
    },
  ],
  passes: [
    {
      title: 'nothing is known against the version; the one before had an advisory',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
      facts: {
        a: {
          advisories: known({ before: [adviseAgainst('high', 'GHSA-oooo-llll-dddd')], after: [], firstFixed: '1.1.0' }),
          deprecation: known(null),
        },
      },
    },
  ],
  check({ entry, advisories, deprecation, bounds, subject }) {
    const { before, after } = advisories;
    const old = new Set(before.map(({ id }) => id));
    const node = entry.after[0];
    if (node === undefined) return [];
    const { way, target } = findWayOut(bounds);
    const at = atEntry(entry.project, node, 'version');
    const place = { at, via: entry.why, ...(target === undefined ? {} : { target }) };
    const found = after.map((advisory): Evidence<Kind> => {
      const { id, severity, isMalware } = advisory;
      const title = shorten(advisory.title, 120);
      if (isMalware) return { message: `${subject.to} is malware: ${title} (${shorten(id)})${way}`, ...place };
      const isOld = old.has(id);
      const message = `${subject.to} has the advisory ${shorten(id)} (${severity})${isOld ? ', as what it replaces' : ''}: ${title}${way}`;
      return { kind: isOld ? 'not-new' : kindOf[severity], message, ...place };
    });
    if (!deprecation.known || deprecation.value === null) return found;
    const message = `${subject.to} is deprecated: ${shorten(deprecation.value, 160)}`;
    return [...found, { kind: 'deprecated', message, ...place }];
  },
});

/** Where no version in range will do, it is the dependent that has to change. */
function findWayOut(bounds: Fact<VersionBounds>): { readonly way: string; readonly target: string | undefined } {
  if (!bounds.known) return { way: '', target: undefined };
  const { lowestSafe, forced } = bounds.value;
  if (forced === undefined) return { way: '', target: lowestSafe };
  const { by, parent } = forced;
  const asks = `${nameAsker(by.from)} forces it with ${shorten(by.name)}@${shorten(by.spec)}`;
  return {
    way: `; ${asks}${parent === undefined ? '' : `, and ${shorten(by.from.name)}@${parent} would not`}`,
    target: undefined,
  };
}

function adviseAgainst(severity: Advisory['severity'], id: string): Advisory {
  const url = `https://advisories.invalid/${id}`;
  return { id, title: 'an advisory', url, severity, isMalware: false, vulnerableVersions: '<1.2.0' };
}

function seenOf(message: string): Evidence<never> {
  const pointer = '/packages/node_modules~1a/version';
  const at = { in: 'lockfile', path: 'package-lock.json', line: 14, pointer } as const;
  return { message, at, via: ['app', 'a@1.1.0'], target: '1.2.0' };
}
