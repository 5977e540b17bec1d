/**
 * The same version with another digest: somebody replaced the tarball, at the registry, on the way, or in a pull
 * request that points the lockfile at other bytes. A version that was published never changes.
 */
import type { Digest } from '../../src/model/digest.ts';
import { parseDigests } from '../../src/model/digest.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, shorten } from '../../src/rule.ts';

/** Long enough for a whole SHA-512 digest. */
const maxDigestLength = 100;
/** Weakest first. */
const algorithms: readonly string[] = ['sha1', 'sha256', 'sha384', 'sha512'];

export const integrityChanged: Rule = defineRule({
  id: 'integrity-changed',
  family: 'pin',
  title: 'The same version has another integrity than before',
  rationale: 'A published version never changes. Other bytes under the same version mean that somebody put them there.',
  remedy: 'Take the old entry back. If the registry really serves other bytes now, ask its operator why.',
  level: 'block',
  incidents: [
    {
      what: 'Liran Tal: a pull request can point `resolved` and `integrity` of an entry at another tarball',
      when: '2019-09-24',
      url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  flags: [
    {
      title: 'another SHA-512',
      registry: ['a@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { integrity: 'sha512-b2xk' } } },
      after: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { integrity: 'sha512-bmV3' } } },
      expect: [
        {
          message: 'The integrity was sha512-b2xk and is now sha512-bmV3',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/integrity' },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
    {
      title: 'a weaker digest, which nobody can compare with the old one',
      registry: ['a@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { integrity: 'sha512-b2xk' } } },
      after: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { integrity: 'sha1-bmV3' } } },
      expect: [
        {
          message: 'The integrity was sha512-b2xk and is now sha1-bmV3',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/integrity' },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'SHA-512 in place of SHA-1, and beside it',
      registry: ['a@1.0.0', 'b@1.0.0'],
      before: {
        asks: 'a@^1 b@^1',
        tree: 'a@1.0.0 b@1.0.0',
        entries: { 'node_modules/a': { integrity: 'sha1-b2xk' }, 'node_modules/b': { integrity: 'sha1-b2xk' } },
      },
      after: {
        asks: 'a@^1 b@^1',
        tree: 'a@1.0.0 b@1.0.0',
        entries: {
          'node_modules/a': { integrity: 'sha512-bmV3' },
          'node_modules/b': { integrity: 'sha512-bmV3 sha1-b2xk' },
        },
      },
    },
    {
      title: 'another version',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0' },
    },
  ],
  check({ entry }) {
    return entry.after.flatMap((node) => {
      const old = entry.before
        .filter(({ version }) => version === node.version)
        .flatMap(({ integrity }) => parseDigests(integrity));
      const now = parseDigests(node.integrity);
      if (now.length === 0 || !(isOther(old, now) || isWeaker(old, now))) return [];
      const [was, is] = [old, now].map((digests) =>
        shorten(digests.map(({ text }) => text).join(' '), maxDigestLength),
      );
      const message = `The integrity was ${was} and is now ${is}`;
      return { message, at: atEntry(entry.project, node, 'integrity'), via: entry.why };
    });
  },
});

/** A digest of an algorithm that was not there before says nothing. */
function isOther(old: readonly Digest[], now: readonly Digest[]): boolean {
  return now.some(({ algorithm, text }) => {
    const comparable = old.filter((digest) => digest.algorithm === algorithm);
    return comparable.length > 0 && comparable.every((digest) => digest.text !== text);
  });
}

function isWeaker(old: readonly Digest[], now: readonly Digest[]): boolean {
  const [was = -1, is = -1] = [old, now].map((digests) =>
    Math.max(-1, ...digests.map(({ algorithm }) => algorithms.indexOf(algorithm))),
  );
  return is < was;
}
