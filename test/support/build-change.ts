/** A change in which every fact is known and nothing happened, for tests of what is done with changes. */
import type { Change, ChangeFacts, Subject } from '../../src/model/change.ts';
import { withoutLockFacts } from '../../src/model/change.ts';
import { known } from '../../src/model/fact.ts';
import { parseManifest } from '../../src/model/manifest.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';

export interface ChangeParts {
  readonly subject?: Partial<Subject>;
  readonly asOf?: string;
  readonly facts?: Partial<ChangeFacts>;
}

export function buildChange({ subject, asOf, facts }: ChangeParts = {}): Change {
  return {
    subject: {
      name: 'sample',
      from: '1.0.0',
      to: '1.0.1',
      integrity: { from: 'sha512-old', to: 'sha512-new' },
      source: 'registry',
      ...subject,
    },
    asOf: asOf ?? '2026-01-01T00:00:00Z',
    facts: { ...quietFacts(), ...facts },
  };
}

function quietFacts(): ChangeFacts {
  const tree: PackageTree = { files: new Map(), anomalies: [], unpackedBytes: 0 };
  const manifest = parseManifest({ name: 'sample', version: '1.0.1' });
  const graph = {
    entries: [],
    hooks: [],
    imports: new Set<string>(),
    specifiers: new Set<string>(),
    loads: new Map(),
    exportedNames: undefined,
    tiers: new Map(),
  };
  return {
    ...withoutLockFacts,
    files: known({ before: tree, after: tree, added: [], removed: [], changed: [], moved: [], unchanged: [] }),
    manifests: known({ before: manifest, after: manifest }),
    modules: known({ before: graph, after: graph }),
    behaviors: known({
      added: [],
      after: [],
      before: [],
      parseFailures: [],
      unread: [],
      knownKinds: new Set(),
      knownInInstall: new Set(),
    }),
    integrity: known([]),
    registryManifest: known(manifest),
    versions: known({ versions: ['1.0.0', '1.0.1'], distTags: { latest: '1.0.1' } }),
    publishTimes: known(new Map()),
    signatures: known([{ of: 'registry', index: 0, name: 'SHA256:key', outcome: 'valid', reason: '' }]),
    provenance: known({ before: { state: 'absent' }, after: { state: 'absent' }, neighbor: undefined }),
    publishers: known({
      before: { name: 'someone', trustedService: undefined },
      after: { name: 'someone', trustedService: undefined },
      earlier: new Set(['someone']),
      maintainers: { before: ['someone'], after: ['someone'] },
    }),
    addedDependencies: known([]),
  };
}
