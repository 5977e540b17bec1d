/**
 * Somebody else published this release: a person whom the package did not know, a person where the project's CI used to
 * publish by itself, or a package whose maintainers were all replaced. Packages change hands honestly every day; those
 * who steal or buy one have to change hands, too. So this is said, and raised by what else is seen.
 */
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Publisher, PublisherComparison } from '../../src/model/release-origin.ts';
import type { Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

/** How many names of maintainers a message holds. */
const maxNames = 3;

type Kind = 'ci-to-person' | 'maintainers-replaced';

export const publisherChanged: Rule = defineRule({
  id: 'publisher-changed',
  family: 'release',
  title: 'Somebody else published this release',
  rationale:
    'A stolen or given-away package shows first in who publishes it. What you trusted until now was other people.',
  remedy: "Look whether the project says who took over. Compare the release with the project's repository.",
  level: 'notice',
  incidents: [
    {
      what: 'event-stream 3.3.6: given to a volunteer who asked for it, and who added a dependency that stole bitcoins',
      when: '2018-11-20',
      url: 'https://github.com/dominictarr/event-stream/issues/116',
    },
    {
      what: 'axios 1.14.1: releases came from the CI service, this one from a person, with a stolen token',
      when: '2026-03-31',
      url: 'https://dev.to/toniantunovic/npm-provenance-and-slsa-the-supply-chain-hygiene-baseline-every-team-needs-in-2026-3aoh',
    },
  ],
  appliesToAdditions: false,
  needs: ['publishers'],
  kinds: {
    'ci-to-person': { level: 'notice', about: 'The CI service published by itself until now; a person did this time.' },
    'maintainers-replaced': { level: 'notice', about: 'None of those who could publish before still can.' },
  },
  flags: [
    {
      title: 'a person whom the package did not know',
      before: {},
      after: {},
      facts: {
        publishers: known({
          before: { name: 'first', trustedService: undefined },
          after: { name: 'stranger', trustedService: undefined },
          earlier: new Set(['first']),
          maintainers: { before: ['first'], after: ['first', 'stranger'] },
        }),
      },
      expect: [
        {
          message: 'stranger published 1.0.1, but neither 1.0.0 nor a version before it; first published 1.0.0',
          at: atRegistry('versions', '1.0.1', '_npmUser'),
        },
      ],
    },
    {
      title: 'a maintainer, where the CI service published before',
      before: {},
      after: {},
      facts: {
        publishers: known({
          before: { name: 'CI', trustedService: 'github' },
          after: { name: 'first', trustedService: undefined },
          earlier: new Set(['first', 'CI']),
          maintainers: { before: ['first'], after: ['first'] },
        }),
      },
      expect: [
        {
          kind: 'ci-to-person',
          message: 'first published 1.0.1 in person; the CI service github published 1.0.0 by itself',
          at: atRegistry('versions', '1.0.1', '_npmUser'),
        },
      ],
    },
    {
      title: 'nobody is left of those who could publish',
      before: {},
      after: {},
      facts: {
        publishers: known({
          before: { name: 'first', trustedService: undefined },
          after: { name: 'buyer', trustedService: undefined },
          earlier: new Set(['first']),
          maintainers: { before: ['first', 'second'], after: ['buyer'] },
        }),
      },
      expect: [
        {
          message: 'buyer published 1.0.1, but neither 1.0.0 nor a version before it; first published 1.0.0',
          at: atRegistry('versions', '1.0.1', '_npmUser'),
        },
        {
          kind: 'maintainers-replaced',
          message: 'buyer may publish now; with 1.0.0 it was first, second, and nobody of them still may',
          at: atRegistry('versions', '1.0.1', 'maintainers'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'another maintainer publishes, and a third one joins',
      before: {},
      after: {},
      facts: {
        publishers: known({
          before: { name: 'first', trustedService: undefined },
          after: { name: 'second', trustedService: undefined },
          earlier: new Set(['first']),
          maintainers: { before: ['first', 'second'], after: ['first', 'second', 'third'] },
        }),
      },
    },
    {
      title: 'the CI service publishes from now on',
      before: {},
      after: {},
      facts: {
        publishers: known({
          before: { name: 'first', trustedService: undefined },
          after: { name: 'CI', trustedService: 'github' },
          earlier: new Set(['first']),
          maintainers: { before: ['first'], after: ['first'] },
        }),
      },
    },
  ],
  check({ publishers, subject }) {
    if (publishers.before === undefined || subject.from === undefined) return [];
    const versions = { from: shorten(subject.from), to: shorten(subject.to) };
    const at = atRegistry('versions', subject.to, '_npmUser');
    const who = findPublisherChange(publishers, publishers.before, versions);
    const whole = findReplacement(publishers, versions.from);
    return [
      ...(who === undefined ? [] : [{ ...who, at }]),
      ...(whole === undefined ? [] : [{ ...whole, at: atRegistry('versions', subject.to, 'maintainers') }]),
    ];
  },
});

type Change = Pick<Evidence<Kind>, 'kind' | 'message'>;

function findPublisherChange(
  { after, earlier, maintainers }: PublisherComparison,
  before: Publisher,
  { from, to }: { readonly from: string; readonly to: string },
): Change | undefined {
  // The registry itself checks a CI service against what the maintainers allowed.
  if (after.trustedService !== undefined) return undefined;
  const name = shorten(after.name);
  if (before.trustedService !== undefined) {
    const service = shorten(before.trustedService);
    const message = `${name} published ${to} in person; the CI service ${service} published ${from} by itself`;
    return { kind: 'ci-to-person', message };
  }
  if (earlier.has(after.name) || maintainers.before?.includes(after.name)) return undefined;
  const who = shorten(before.name);
  return {
    message: `${name} published ${to}, but neither ${from} nor a version before it; ${who} published ${from}`,
  };
}

function findReplacement({ maintainers: { before, after } }: PublisherComparison, from: string): Change | undefined {
  if (before === undefined || after === undefined || after.some((name) => before.includes(name))) return undefined;
  const message = `${listNames(after)} may publish now; with ${from} it was ${listNames(before)}, and nobody of them still may`;
  return { kind: 'maintainers-replaced', message };
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, maxNames).map((name) => shorten(name));
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}
