/**
 * npm's registry signs each version's name, version and integrity, and keeps signed statements about some. A signature
 * that is there and does not hold means that what is served is not what was signed: a tampered mirror or proxy, or a
 * registry that somebody else writes to. The same goes for a version that is not signed where the one before it was.
 * What a signature proves ends at its key: keys that only the registry itself lists prove that it is still the same one.
 */
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { SignatureRecord } from '../../src/model/release-origin.ts';
import type { Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

/** Long enough for a whole key id. */
const maxNameLength = 100;
/** Long enough for a statement's subject with its digest. */
const maxReasonLength = 240;

export const signatureInvalid: Rule = defineRule({
  id: 'signature-invalid',
  family: 'release',
  title: 'A signature of this release does not hold, or is missing',
  rationale:
    'The registry signs what it takes in. A signature that does not fit means that name, version or content were changed afterwards.',
  remedy:
    'Do not install it. Ask the registry itself, without a mirror or proxy between; if it stays so, report it to the registry.',
  level: 'block',
  incidents: [
    {
      what: 'Cappos and others, "A Look in the Mirror": package managers trust whatever a mirror serves them',
      when: '2008-10',
      url: 'https://doi.org/10.1145/1455770.1455841',
    },
  ],
  appliesToAdditions: true,
  needs: ['signatures'],
  kinds: {
    unsigned: { level: 'review', about: 'The registry signed the old version, and not this one.' },
    'key-unlisted': {
      level: 'review',
      about: 'It is made with a key that neither npm nor the registry lists, so nobody can tell whether it holds.',
    },
  },
  flags: [
    {
      title: "the registry's signature is over something else, and so is a statement",
      before: {},
      after: {},
      facts: {
        signatures: known([
          {
            of: 'registry',
            index: 0,
            name: 'SHA256:abc',
            outcome: 'invalid',
            reason: 'it is not over this name, version and integrity',
          },
          {
            of: 'attestation',
            index: 1,
            name: '',
            outcome: 'invalid',
            reason: 'it is about pkg:npm/other@1.0.0 (sha512 00)',
          },
        ]),
      },
      expect: [
        {
          message:
            "The registry's signature with the key SHA256:abc does not hold: it is not over this name, version and integrity",
          at: atRegistry('versions', '1.0.1', 'dist', 'signatures', '0'),
        },
        {
          message: 'Attestation 2 does not hold: it is about pkg:npm/other@1.0.0 (sha512 00)',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
      ],
    },
    {
      title: 'a key that had expired, and one that nobody lists',
      before: {},
      after: {},
      facts: {
        signatures: known([
          {
            of: 'registry',
            index: 0,
            name: 'SHA256:abc',
            outcome: 'key-expired',
            reason: 'its key expired 2025-01-29T00:00:00.000Z, before the version was published',
          },
          {
            of: 'registry',
            index: 1,
            name: 'SHA256:def',
            outcome: 'key-unlisted',
            reason: 'the registry does not list its key',
          },
        ]),
      },
      expect: [
        {
          message:
            "The registry's signature with the key SHA256:abc does not hold: its key expired 2025-01-29T00:00:00.000Z, before the version was published",
          at: atRegistry('versions', '1.0.1', 'dist', 'signatures', '0'),
        },
        {
          kind: 'key-unlisted',
          message:
            "The registry's signature with the key SHA256:def cannot be checked: the registry does not list its key",
          at: atRegistry('versions', '1.0.1', 'dist', 'signatures', '1'),
        },
      ],
    },
    {
      title: 'the old version was signed',
      before: {},
      after: {},
      facts: {
        signatures: known([
          {
            of: 'registry',
            index: 0,
            name: '',
            outcome: 'missing',
            reason: 'the registry signed 1.0.0, and did not sign 1.0.1',
          },
        ]),
      },
      expect: [
        {
          kind: 'unsigned',
          message: "The registry's signature is missing: the registry signed 1.0.0, and did not sign 1.0.1",
          at: atRegistry('versions', '1.0.1', 'dist'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a signature and a statement of provenance that hold',
      before: {},
      after: {},
      facts: {
        signatures: {
          known: true,
          value: [
            { of: 'registry', index: 0, name: 'SHA256:abc', outcome: 'valid', reason: '' },
            { of: 'attestation', index: 0, name: 'https://slsa.dev/provenance/v1', outcome: 'valid', reason: '' },
          ],
        },
      },
    },
  ],
  check({ signatures, subject }) {
    return signatures
      .filter(({ outcome }) => outcome !== 'valid')
      .map((record): Evidence<Kind> => {
        const kind = kinds[record.outcome];
        const message = describe(record);
        const at = atRegistry('versions', subject.to, 'dist', ...pathOf(record));
        return kind === undefined ? { message, at } : { kind, message, at };
      });
  },
});

type Kind = 'unsigned' | 'key-unlisted';

const kinds: Readonly<Partial<Record<SignatureRecord['outcome'], Kind>>> = {
  missing: 'unsigned',
  'key-unlisted': 'key-unlisted',
};

function pathOf({ of, index, outcome }: SignatureRecord): readonly string[] {
  if (outcome === 'missing') return [];
  return of === 'registry' ? ['signatures', String(index)] : ['attestations'];
}

function describe({ of, index, name, outcome, reason }: SignatureRecord): string {
  const why = shorten(reason, maxReasonLength);
  if (outcome === 'missing') return `The registry's signature is missing: ${why}`;
  const key = name === '' ? 'without a key' : `with the key ${shorten(name, maxNameLength)}`;
  const who = of === 'registry' ? `The registry's signature ${key}` : `Attestation ${index + 1}`;
  return `${who} ${outcome === 'key-unlisted' ? 'cannot be checked' : 'does not hold'}: ${why}`;
}
