/**
 * Provenance that holds, from another place: another repository, another workflow, an unusual branch. Anybody can have
 * a build of their own attested; it is the place that makes it the project's. Whoever can push a branch can add a
 * workflow to it, and take the project's name for what that builds.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { Provenance, ProvenanceComparison, ProvenanceSource } from '../../src/model/release-origin.ts';
import type { Example, Rule } from '../../src/rule.ts';
import { atRegistry, defineRule, shorten } from '../../src/rule.ts';

const maxUrlLength = 160;
/** A longer name is cut before it is compared with the pattern below. */
const maxRefLength = 200;
/** Where releases come from: the main branch, a line's own branch, or one that a release tool keeps. */
const releaseBranch =
  /^(?:main|master|trunk|develop|dev|next|latest|stable|canary|alpha|beta|rc|(?:changeset-)?releases?(?:[-/].*)?|maint(?:enance)?[-/].*|v?\d+(?:\.(?:\d+|x))*(?:[.-].*)?|.*[-/]v?\d+(?:\.(?:\d+|x))*)$/i;

export const provenanceSourceChanged: Rule = defineRule({
  id: 'provenance-source-changed',
  family: 'release',
  title: 'The release was built in another place than the one before it',
  rationale:
    'Valid provenance only says where something was built. From another repository, workflow or branch it says nothing of the project.',
  remedy:
    "Look whether the project announces the move. Compare the workflow and the commit that the provenance names with the project's own.",
  level: 'review',
  incidents: [
    {
      what: 'A worm got certificates of its own from Sigstore for each @antv package that it published: valid provenance, not of the project',
      when: '2026-05-19',
      url: 'https://www.thecybersignal.com/shai-hulud-is-now-generating-valid-sigstore-provenance-badges-for-its-malicious-npm-packages/',
    },
  ],
  appliesToAdditions: false,
  needs: ['provenance'],
  kinds: {
    branch: {
      level: 'notice',
      about: 'The same workflow ran on another branch that is named like one for releases.',
    },
  },
  flags: [
    {
      title: 'another repository',
      before: {},
      after: {},
      facts: provenances({}, { repository: 'https://host.invalid/other/sample' }),
      expect: [
        {
          message:
            'The provenance names the repository https://host.invalid/other/sample; that of 1.0.0 names https://host.invalid/owner/sample',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
      ],
    },
    {
      title: 'another workflow, on a branch made for the purpose',
      before: {},
      after: {},
      facts: provenances(
        { ref: 'refs/tags/v1.0.0' },
        { workflow: '.github/workflows/formatter.yml', ref: 'refs/heads/add-linter-workflow' },
      ),
      expect: [
        {
          message:
            'The provenance names the workflow .github/workflows/formatter.yml; that of 1.0.0 names .github/workflows/release.yml',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
        {
          message: 'The provenance names the branch add-linter-workflow; that of 1.0.0 names the tag v1.0.0',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
      ],
    },
    {
      title: 'a certificate that names no build at all',
      before: {},
      after: {},
      facts: provenances(
        {},
        {
          repository: undefined,
          workflow: 'somebody@mail.invalid',
          ref: undefined,
          issuer: 'https://accounts.invalid',
        },
      ),
      expect: [
        {
          message: 'The provenance names no repository; that of 1.0.0 names https://host.invalid/owner/sample',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
      ],
    },
    {
      title: "the branch of an older line's own",
      before: {},
      after: {},
      facts: provenances({}, { ref: 'refs/heads/v1.x' }),
      expect: [
        {
          kind: 'branch',
          message: 'The provenance names the branch v1.x; that of 1.0.0 names the branch main',
          at: atRegistry('versions', '1.0.1', 'dist', 'attestations'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'each release has its own tag, and the repository is written with other capitals',
      before: {},
      after: {},
      facts: provenances(
        { repository: 'https://host.invalid/Owner/sample', ref: 'refs/tags/v1.0.0' },
        { ref: 'refs/tags/v1.0.1' },
      ),
    },
    {
      title: 'the old version had no provenance to compare with',
      before: {},
      after: {},
      facts: provenances(undefined, {}),
    },
  ],
  check({ provenance: { before, after }, subject }) {
    if (before?.state !== 'verified' || after.state !== 'verified') return [];
    const compare = { before: before.source, after: after.source, from: subject.from ?? 'the old version' };
    const at = atRegistry('versions', subject.to, 'dist', 'attestations');
    return findDifferences(compare).map((difference) => ({ ...difference, at }));
  },
});

interface Compared {
  readonly before: ProvenanceSource;
  readonly after: ProvenanceSource;
  readonly from: string;
}

type Difference = Pick<Evidence<'branch'>, 'kind' | 'message'>;

function findDifferences({ before, after, from }: Compared): readonly Difference[] {
  if (normalize(before.repository) !== normalize(after.repository)) {
    const now = after.repository === undefined ? 'no repository' : `the repository ${shortenUrl(after.repository)}`;
    const then = before.repository === undefined ? 'none' : shortenUrl(before.repository);
    // In another repository, another workflow and branch go without saying.
    return [{ message: `The provenance names ${now}; that of ${shorten(from)} names ${then}` }];
  }
  const differences: Difference[] = [];
  if (before.workflow !== after.workflow) {
    const [now, then] = [after.workflow ?? 'none', before.workflow ?? 'none'].map(shortenUrl);
    differences.push({ message: `The provenance names the workflow ${now}; that of ${shorten(from)} names ${then}` });
  }
  const [now, then] = [readRef(after.ref), readRef(before.ref)];
  // Every release has a tag of its own: only a branch says something.
  if (now.kind === 'branch' && now.name !== then.name) {
    const message = `The provenance names ${describeRef(now)}; that of ${shorten(from)} names ${describeRef(then)}`;
    differences.push(releaseBranch.test(now.name) ? { kind: 'branch', message } : { message });
  }
  return differences;
}

function normalize(repository: string | undefined): string | undefined {
  return repository
    ?.toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}

interface Ref {
  readonly kind: 'branch' | 'tag' | 'other';
  readonly name: string;
}

function readRef(ref: string | undefined): Ref {
  const [, space = '', name = ''] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref?.slice(0, maxRefLength) ?? '') ?? [];
  if (space === '') return { kind: 'other', name: ref ?? '' };
  return { kind: space === 'heads' ? 'branch' : 'tag', name };
}

function describeRef({ kind, name }: Ref): string {
  if (kind !== 'other') return `the ${kind} ${shorten(name)}`;
  return name === '' ? 'no branch' : shorten(name);
}

function shortenUrl(text: string): string {
  return shorten(text, maxUrlLength);
}

/** For the examples: what differs from the usual build; undefined for no provenance at all. */
function provenances(
  before: Partial<ProvenanceSource> | undefined,
  after: Partial<ProvenanceSource>,
): NonNullable<Example['facts']> {
  const usual: ProvenanceSource = {
    repository: 'https://host.invalid/owner/sample',
    workflow: '.github/workflows/release.yml',
    ref: 'refs/heads/main',
    issuer: 'https://issuer.invalid',
  };
  const verified = (source: Partial<ProvenanceSource>): Provenance => ({
    state: 'verified',
    source: { ...usual, ...source },
  });
  const value: ProvenanceComparison = {
    before: before === undefined ? { state: 'absent' } : verified(before),
    after: verified(after),
    neighbor: undefined,
  };
  return { provenance: { known: true, value } };
}
