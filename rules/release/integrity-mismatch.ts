/**
 * The bytes are not the ones that were promised: a tarball replaced at the registry, in a mirror, in a cache or on
 * the way, or a lockfile edited to point elsewhere. A version that was published never changes.
 */

import type { IntegrityRecord, Subject } from '../../src/model/change.ts';
import { known } from '../../src/model/fact.ts';
import type { Place } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

/** Long enough for a whole SHA-512 digest. */
const maxDigestLength = 100;

export const integrityMismatch: Rule = defineRule({
  id: 'integrity-mismatch',
  family: 'release',
  title: 'The tarball is not the one that its integrity promises',
  rationale: 'A published version never changes. Other bytes under the same version mean that somebody put them there.',
  remedy: 'Do not install it. Clear the cache and ask again; if it stays so, report it to the registry or the mirror.',
  level: 'block',
  incidents: [
    {
      what: 'Yarn before 1.19 checked the integrity before it wrote a tarball into its cache, and never again (CVE-2019-15608)',
      when: '2020-03-15',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2019-15608',
    },
    {
      what: 'boltdb-go/bolt 1.3.1 (Go): a mirror kept the back door that it was given first, and the tag was moved to harmless code',
      when: '2025-02',
      url: 'https://socket.dev/blog/malicious-package-exploits-go-module-proxy-caching-for-persistence',
    },
  ],
  appliesToAdditions: true,
  needs: ['integrity'],
  flags: [
    {
      title: 'the registry claims another digest for the new version',
      before: {},
      after: {},
      facts: {
        integrity: known([
          {
            side: 'after',
            claimedBy: 'registry',
            claimed: 'sha512-cHJvbWlzZWQ=',
            actual: 'sha512-cmVjZWl2ZWQ=',
            matches: false,
          },
        ]),
      },
      expect: [
        {
          message: 'The bytes of 1.0.1 have the digest sha512-cmVjZWl2ZWQ=; the registry claims sha512-cHJvbWlzZWQ=',
          at: atRegistry('versions', '1.0.1', 'dist'),
        },
      ],
    },
    {
      title: 'the lockfile pins another digest for the old version',
      before: {},
      after: {},
      facts: {
        integrity: known([
          {
            side: 'before',
            claimedBy: 'caller',
            claimed: 'sha512-cHJvbWlzZWQ=',
            actual: 'sha512-cmVjZWl2ZWQ=',
            matches: false,
          },
        ]),
      },
      expect: [
        {
          message:
            'The bytes of 1.0.0 have the digest sha512-cmVjZWl2ZWQ=; the lockfile or the command line claims sha512-cHJvbWlzZWQ=',
          at: { in: 'lockfile', side: 'before' },
        },
      ],
    },
    {
      title: 'the registry vouches for other bytes than it once did',
      before: {},
      after: {},
      facts: {
        integrity: known([
          {
            side: 'after',
            claimedBy: 'registry',
            claimed: 'sha512-cmVjZWl2ZWQ=',
            actual: 'sha512-cmVjZWl2ZWQ=',
            matches: true,
          },
          {
            side: 'after',
            claimedBy: 'memory',
            claimed: 'sha512-cHJvbWlzZWQ=',
            actual: 'sha512-cmVjZWl2ZWQ=',
            matches: false,
            firstReadAt: '2025-11-30T12:00:00.000Z',
          },
        ]),
      },
      expect: [
        {
          message:
            'The bytes of 1.0.1 have the digest sha512-cmVjZWl2ZWQ=; when it was first read here, on 2025-11-30, it had sha512-cHJvbWlzZWQ=',
          at: atRegistry('versions', '1.0.1', 'dist'),
        },
      ],
    },
  ],
  passes: [{ title: 'both tarballs are the ones that the registry claims', before: {}, after: {} }],
  check({ integrity, subject }) {
    return integrity
      .filter((record) => !record.matches)
      .map((record) => ({ message: describe(record, subject), at: placeOf(record, subject) }));
  },
});

function versionOf({ side }: IntegrityRecord, { from, to }: Subject): string {
  return side === 'after' ? to : (from ?? 'the old version');
}

function describe(record: IntegrityRecord, subject: Subject): string {
  const [actual, claimed] = [shorten(record.actual, maxDigestLength), shorten(record.claimed, maxDigestLength)];
  const told = `The bytes of ${versionOf(record, subject)} have the digest ${actual};`;
  if (record.claimedBy === 'memory') {
    const day = record.firstReadAt?.slice(0, 'YYYY-MM-DD'.length) ?? 'an earlier day';
    return `${told} when it was first read here, on ${day}, it had ${claimed}`;
  }
  const claimant = record.claimedBy === 'registry' ? 'the registry' : 'the lockfile or the command line';
  return `${told} ${claimant} claims ${claimed}`;
}

function placeOf(record: IntegrityRecord, subject: Subject): Place {
  const side = record.side === 'before' ? ({ side: 'before' } as const) : {};
  if (record.claimedBy === 'caller') return { in: 'lockfile', ...side };
  return { ...atRegistry('versions', versionOf(record, subject), 'dist'), ...side };
}
