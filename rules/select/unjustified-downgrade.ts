/**
 * A step back that nobody needs: the higher version satisfies everybody and has no advisory. An old version brings its
 * known holes back, and a lockfile is a quiet place to do it.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule } from '../../src/rule.ts';

export const unjustifiedDowngrade: Rule = defineRule({
  id: 'unjustified-downgrade',
  family: 'select',
  title: 'A lower version than before, without need',
  rationale:
    'Who wants a known hole back in a project needs no hijacked package: an older version of an honest one does it.',
  remedy: 'Take the higher version back: `sluice fix` does so. If the lower one is wanted, ask for it in package.json.',
  level: 'block',
  incidents: [
    {
      what: 'Kuppusamy et al., "Mercury": rollback to versions with known holes as an attack on package managers',
      when: '2017-07-12',
      url: 'https://www.usenix.org/conference/atc17/technical-sessions/presentation/kuppusamy',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  wants: ['advisories'],
  kinds: {
    'advisories-unknown': {
      level: 'review',
      about: 'Whether an advisory on the higher version is the reason could not be asked.',
    },
  },
  flags: [
    {
      title: 'a step back in the lockfile alone',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@1.2.0'],
      before: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.2.0' },
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.0.0' },
      expect: [
        {
          message: '1.0.0 takes the place of 1.2.0, which still satisfies everybody who asks for it',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1c' },
          via: ['app', 'a@1.0.0', 'c@1.0.0'],
          target: '1.2.0',
        },
      ],
    },
    {
      title: 'the same, and nobody knows whether there is an advisory',
      registry: ['a@1.0.0', 'a@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.2.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.0' },
      facts: { a: { advisories: { known: false, why: 'not-served', detail: 'This registry has no advisories.' } } },
      expect: [
        {
          kind: 'advisories-unknown',
          message: '1.0.0 takes the place of 1.2.0, which still satisfies everybody who asks for it',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a' },
          via: ['app', 'a@1.0.0'],
          target: '1.2.0',
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the higher version no longer satisfies who asks for it',
      registry: ['a@1.0.0: c@^1', 'a@1.1.0: c@1.0.0', 'c@1.0.0', 'c@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.2.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0 c@1.0.0' },
    },
    {
      title: 'the higher version has an advisory that the lower one has not',
      registry: ['a@1.0.0', 'a@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.2.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.0' },
      facts: {
        a: {
          advisories: {
            known: true,
            value: {
              before: [
                {
                  id: 'GHSA-aaaa-bbbb-cccc',
                  title: 'Malware in a',
                  url: 'https://advisories.invalid/GHSA-aaaa-bbbb-cccc',
                  severity: 'critical',
                  isMalware: true,
                  vulnerableVersions: '1.2.0',
                },
              ],
              after: [],
              firstFixed: undefined,
            },
          },
        },
      },
    },
    {
      title: 'of two versions before, only the lower one would still do',
      registry: ['a@1.0.0: c@^2', 'a@1.1.0: c@0.x||1.x', 'b@1.0.0: c@0.x', 'c@0.9.0', 'c@1.0.0', 'c@2.0.0'],
      before: { asks: 'a@^1 b@^1', tree: 'a@1.0.0 b@1.0.0 c@2.0.0 b/c@0.9.0' },
      after: { asks: 'a@^1 b@^1', tree: 'a@1.1.0 b@1.0.0 c@1.0.0 b/c@0.9.0' },
    },
    {
      title: 'a step up',
      registry: ['a@1.0.0', 'a@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.2.0' },
    },
    {
      title: 'the higher version was marked as deprecated when it was locked',
      registry: ['a@1.0.0', 'a@1.2.0'],
      before: { asks: 'a@^1', tree: 'a@1.2.0', entries: { 'node_modules/a': { deprecated: 'broken, use 1.0.0' } } },
      after: { asks: 'a@^1', tree: 'a@1.0.0' },
    },
  ],
  check({ entry, advisories, subject }): readonly Evidence<'advisories-unknown'>[] {
    const { kind, keepable, before, after, project, why } = entry;
    const node = after[0];
    if (kind !== 'downgraded' || keepable === undefined || node === undefined) return [];
    if (before.some(({ manifest }) => manifest.deprecated !== undefined)) return [];
    if (advisories.known && leavesAdvisory(advisories.value.before, advisories.value.after)) return [];
    const message = `${subject.to} takes the place of ${keepable}, which still satisfies everybody who asks for it`;
    const evidence = { message, at: atEntry(project, node), via: why, target: keepable };
    return [advisories.known ? evidence : { kind: 'advisories-unknown', ...evidence }];
  },
});

type Identified = readonly { readonly id: string }[];

function leavesAdvisory(before: Identified, after: Identified): boolean {
  return before.some(({ id }) => !after.some((other) => other.id === id));
}
