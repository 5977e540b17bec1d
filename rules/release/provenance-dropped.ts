/**
 * Provenance says which build of which repository made a release. Whoever steals a maintainer's token publishes from
 * another machine, and has none to show. A package that had it until now and comes without was not made the usual way.
 * That provenance is there is no merit: whoever takes a build over gets valid provenance with it.
 */
import { known } from '../../src/model/fact.ts';
import type { ProvenanceComparison } from '../../src/model/release-origin.ts';
import type { Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

export const provenanceDropped: Rule = defineRule({
  id: 'provenance-dropped',
  family: 'release',
  title: 'The release has no provenance, and those before it had',
  rationale:
    'The project builds and publishes in public. A release without provenance came from elsewhere: a stolen token, or a hurried hand.',
  remedy:
    "Look for the release in the project's repository. Where its tag or build is missing, stay on the old version.",
  level: 'review',
  incidents: [
    {
      what: 'axios 1.14.0 had provenance; 1.14.1, published with a stolen token, had none and brought a trojan',
      when: '2026-03-31',
      url: 'https://dev.to/toniantunovic/npm-provenance-and-slsa-the-supply-chain-hygiene-baseline-every-team-needs-in-2026-3aoh',
    },
  ],
  appliesToAdditions: false,
  needs: ['provenance'],
  kinds: {
    'other-line': {
      level: 'notice',
      about: 'Only a release of another major had it, or a prerelease: these may be published in another way.',
    },
  },
  flags: [
    {
      title: 'the old version had it',
      before: {},
      after: {},
      facts: {
        provenance: known({
          before: { state: 'claimed' },
          after: { state: 'absent' },
          neighbor: { version: '1.0.0', hasProvenance: true },
        }),
      },
      expect: [
        {
          message: '1.0.1 has no provenance; 1.0.0 had it',
          at: atRegistry('versions', '1.0.1', 'dist'),
        },
      ],
    },
    {
      title: 'the release before it had it, though not the old version',
      from: '1.0.0',
      to: '1.2.1',
      before: {},
      after: {},
      facts: {
        provenance: known({
          before: { state: 'absent' },
          after: { state: 'absent' },
          neighbor: { version: '1.2.0', hasProvenance: true },
        }),
      },
      expect: [{ message: '1.2.1 has no provenance; 1.2.0 had it', at: atRegistry('versions', '1.2.1', 'dist') }],
    },
    {
      title: 'only the last release of the old major had it',
      from: '1.9.0',
      to: '2.0.0',
      before: {},
      after: {},
      facts: {
        provenance: known({ before: { state: 'claimed' }, after: { state: 'absent' }, neighbor: undefined }),
      },
      expect: [
        {
          kind: 'other-line',
          message: '2.0.0 has no provenance; 1.9.0 had it',
          at: atRegistry('versions', '2.0.0', 'dist'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'it never had any',
      before: {},
      after: {},
      facts: {
        provenance: known({
          before: { state: 'absent' },
          after: { state: 'absent' },
          neighbor: { version: '1.0.0', hasProvenance: false },
        }),
      },
    },
    {
      title: 'it is there and does not hold, which is a finding of its own',
      before: {},
      after: {},
      facts: {
        provenance: known({
          before: { state: 'claimed' },
          after: { state: 'invalid' },
          neighbor: { version: '1.0.0', hasProvenance: true },
        }),
      },
    },
    {
      title: 'an old line that was always published by hand',
      from: '1.9.0',
      to: '1.9.1',
      before: {},
      after: {},
      facts: {
        versions: known({ versions: ['1.9.0', '1.9.1', '2.0.0'], distTags: { latest: '2.0.0' } }),
        provenance: known({
          before: { state: 'absent' },
          after: { state: 'absent' },
          neighbor: { version: '1.9.0', hasProvenance: false },
        }),
      },
    },
  ],
  check({ provenance, subject }) {
    if (provenance.after.state !== 'absent') return [];
    const at = atRegistry('versions', subject.to, 'dist');
    const describe = (version: string) => `${shorten(subject.to)} has no provenance; ${shorten(version)} had it`;
    const { neighbor } = provenance;
    if (neighbor?.hasProvenance === true) return [{ message: describe(neighbor.version), at }];
    if (subject.from === undefined || !hadProvenance(provenance)) return [];
    // The release before it, in the same line, went without: the line's own habit.
    if (neighbor !== undefined && neighbor.version !== subject.from) return [];
    return [{ kind: 'other-line', message: describe(subject.from), at }];
  },
});

function hadProvenance({ before }: ProvenanceComparison): boolean {
  return before !== undefined && before.state !== 'absent';
}
