/**
 * An entry without a digest: whatever the server sends is installed, today's bytes or other ones tomorrow. Digests
 * are lost when a lockfile is edited by hand, and by a known fault of npm when it reuses an installed folder.
 */
import { parseDigests } from '../../src/model/digest.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule } from '../../src/rule.ts';

/** 64 bytes in base64. */
const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

export const integrityMissing: Rule = defineRule({
  id: 'integrity-missing',
  family: 'pin',
  title: 'An entry does not pin the bytes of its tarball',
  rationale: 'Without a SHA-512 digest npm cannot tell whether the tarball is the one that was looked at.',
  remedy:
    'Delete the entry and node_modules, and lock again with `npm install --package-lock-only --ignore-scripts`, which fills the digest in.',
  level: 'block',
  incidents: [
    {
      what: 'npm writes entries without resolved and integrity at times, and neither notices nor repairs it',
      when: '2022',
      url: 'https://github.com/npm/cli/issues/4460',
    },
    {
      what: 'The first collision of SHA-1 was shown',
      when: '2017-02-23',
      url: 'https://shattered.io/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  kinds: {
    'sha1-only': { level: 'review', about: 'There is a digest, but only of SHA-1, for which collisions can be made.' },
  },
  flags: [
    {
      title: 'a new version without a digest',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0', entries: { 'node_modules/a': { integrity: null } } },
      expect: [
        {
          message: 'The entry has no integrity',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a' },
          via: ['app', 'a@1.1.0'],
        },
      ],
    },
    {
      title: 'SHA-1 only',
      registry: ['a@1.0.0'],
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0',
        entries: { 'node_modules/a': { integrity: 'sha1-C3RgP0eJmKxDQ4VB1t2Vg7XyMQE=' } },
      },
      expect: [
        {
          kind: 'sha1-only',
          message: 'The entry has an integrity of SHA-1 alone',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/integrity' },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
    {
      title: 'a digest that is none',
      registry: ['a@1.0.0'],
      after: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { integrity: 'md5-9hXN8vlIYzmZ' } } },
      expect: [
        {
          message: 'The entry has an integrity without a SHA-512 digest',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/integrity' },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'SHA-512, also beside SHA-1',
      registry: ['a@1.0.0', 'b@1.0.0'],
      after: {
        asks: 'a@^1 b@^1',
        tree: 'a@1.0.0 b@1.0.0',
        entries: { 'node_modules/b': { integrity: `sha1-C3RgP0eJmKxDQ4VB1t2Vg7XyMQE= sha512-${'A'.repeat(86)}==` } },
      },
    },
    {
      title: 'a git dependency: its commit is its digest',
      registry: ['a@1.0.0'],
      after: {
        asks: 'a@github:user/a#v1.0.0',
        tree: 'a@1.0.0',
        entries: {
          'node_modules/a': {
            resolved: 'git+ssh://git@github.com/user/a.git#0123456789abcdef0123456789abcdef01234567',
            integrity: null,
          },
        },
      },
    },
  ],
  check({ entry }) {
    return entry.after
      .filter(({ source }) => source === 'registry' || source === 'remote')
      .flatMap((node) => {
        const digests = parseDigests(node.integrity);
        if (digests.some(({ text }) => sha512.test(text))) return [];
        if (digests.length === 0) {
          return { message: 'The entry has no integrity', at: atEntry(entry.project, node), via: entry.why };
        }
        const at = atEntry(entry.project, node, 'integrity');
        if (digests.every(({ algorithm }) => algorithm === 'sha1')) {
          const message = 'The entry has an integrity of SHA-1 alone';
          return { kind: 'sha1-only', message, at, via: entry.why };
        }
        return { message: 'The entry has an integrity without a SHA-512 digest', at, via: entry.why };
      });
  },
});
