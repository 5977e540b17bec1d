/**
 * A package that is new to the tree and is called almost like a far more popular one: a slip of the finger, another
 * separator, the wrong scope. Such names are registered to be installed by mistake, or to pass for the popular package
 * in a review. The list of popular names is shipped with Sluice; its source and date stand in it.
 */

import { known } from '../../src/model/fact.ts';
import { findLookalike, type Lookalike } from '../../src/model/find-lookalike.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { atManifest, defineRule, shorten } from '../../src/rule.ts';

const msPerDay = 86_400_000;
/** A manifest can name any number of dependencies; what lies beyond is read as packages of its own all the same. */
const maxNames = 200;

export const typosquat: Rule = defineRule({
  id: 'typosquat',
  family: 'release',
  title: 'A new package is called almost like a popular one',
  rationale: 'Names like these are registered to be taken for others. Whoever meant the popular package gets this one.',
  remedy: 'Check letter by letter that this is the package you want. Where it is not, name the popular one instead.',
  level: 'review',
  incidents: [
    {
      what: 'crossenv and 37 more packages, called almost like popular ones, sent environment variables to their author',
      when: '2017-08-02',
      url: 'https://blog.npmjs.org/post/163723642530/crossenv-malware-on-the-npm-registry',
    },
    {
      what: 'Taylor and others, "SpellBound": names one slip away from popular ones, and what they are used for',
      when: '2020-03-06',
      url: 'https://arxiv.org/abs/2003.03471',
    },
  ],
  appliesToAdditions: true,
  needs: ['addedDependencies'],
  wants: ['publishTimes'],
  kinds: {
    established: {
      level: 'notice',
      about: 'The package has been there for longer than imitations live: most are found within weeks.',
    },
  },
  options: {
    establishedDays: {
      default: 365,
      about: 'Days since its first release after which a package counts as established.',
    },
  },
  flags: [
    {
      title: 'the package itself is new to the tree, and two of its letters are swapped',
      name: 'lodahs',
      after: {},
      expect: [
        {
          message: 'lodahs is called almost like lodash, which is far more popular: two letters are swapped',
          at: atManifest('name'),
        },
      ],
    },
    {
      title: 'it has been there for years',
      name: 'lodahs',
      after: {},
      facts: { publishTimes: known(new Map([['1.0.0', '2019-05-01T00:00:00Z']])) },
      expect: [
        {
          kind: 'established',
          message: 'lodahs is called almost like lodash, which is far more popular: two letters are swapped',
          at: atManifest('name'),
        },
      ],
    },
    {
      title: 'a new dependency that was not read',
      before: {},
      after: {},
      facts: {
        addedDependencies: known([
          {
            name: 'crossenv',
            spec: '^1.0.0',
            field: 'dependencies',
            source: 'registry',
            specBefore: undefined,
            release: { known: false, why: 'not-consulted', detail: 'An example has no registry.' },
          },
        ]),
      },
      expect: [
        {
          message: 'crossenv is called almost like cross-env, which is far more popular: only the separators differ',
          at: atManifest('dependencies', 'crossenv'),
        },
      ],
    },
  ],
  passes: [
    { title: 'a popular package that is one letter away from another one', name: 'preact', after: {} },
    {
      title: 'a package of a scope that belongs to popular packages',
      name: '@babel/coer',
      after: {},
    },
    { title: 'the package is not new, whatever it is called', name: 'lodahs', before: {}, after: {} },
    {
      title: 'an alias may be called as one likes: what it points at counts',
      before: {},
      after: {},
      facts: {
        addedDependencies: known([
          {
            name: 'crossenv',
            spec: 'npm:cross-env@^7.0.0',
            field: 'dependencies',
            source: 'registry',
            specBefore: undefined,
            release: { known: false, why: 'not-consulted', detail: 'An example has no registry.' },
          },
        ]),
      },
    },
    {
      title: 'a new dependency that was read is asked about by its own name, not here',
      before: {},
      after: { 'package.json': { dependencies: { crossenv: '^1.0.0' } } },
    },
  ],
  check({ addedDependencies, publishTimes, subject, asOf }, { establishedDays }) {
    const evidence: Evidence<'established'>[] = [];
    const own = subject.from === undefined ? findLookalike(subject.name) : undefined;
    if (own !== undefined) {
      const message = describe(subject.name, own);
      const at = atManifest('name');
      const ageDays = publishTimes.known ? findAgeDays(publishTimes.value.values(), asOf) : 0;
      evidence.push(ageDays > establishedDays ? { kind: 'established', message, at } : { message, at });
    }
    for (const { name: key, field, source, spec, specBefore, release } of addedDependencies.slice(0, maxNames)) {
      if (release.known || source !== 'registry' || specBefore !== undefined) continue;
      // An alias is what it points at.
      const [, name = key] = /^npm:(@?[^@]+)/.exec(spec) ?? [];
      const found = findLookalike(name);
      if (found !== undefined) evidence.push({ message: describe(name, found), at: atManifest(field, key) });
    }
    return evidence;
  },
});

function describe(name: string, { name: popular, difference }: Lookalike): string {
  return `${shorten(name)} is called almost like ${shorten(popular)}, which is far more popular: ${shorten(difference)}`;
}

/** Since the first release. */
function findAgeDays(instants: Iterable<string>, asOf: string): number {
  let first = Number.POSITIVE_INFINITY;
  for (const instant of instants) first = Math.min(first, Date.parse(instant));
  return (Date.parse(asOf) - first) / msPerDay;
}
