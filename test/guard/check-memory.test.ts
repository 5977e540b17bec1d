import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import type { CheckOptions, CheckQuestion } from '../../src/guard/check-lockfile.ts';
import { checkRemembered } from '../../src/guard/check-memory.ts';
import type { Approval } from '../../src/model/approval.ts';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { known, missing } from '../../src/model/fact.ts';
import { createMemoryStore, type FactStore, type RememberedCheck } from '../../src/model/fact-store.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { AdvisoriesByName } from '../../src/registry/load-advisories.ts';
import type { Registry } from '../../src/registry/registry.ts';

const noon = '2026-03-31T12:00:00.000Z';
const missed = missing('not-served', 'No registry is asked here.');

const verdict: Verdict = {
  result: 'allow',
  id: 'sha256-id',
  subject: {
    name: 'app',
    from: undefined,
    to: '1.0.0',
    integrity: { from: undefined, to: undefined },
    source: 'project',
  },
  findings: [],
  coverage: { applicable: 1, checked: 1, unchecked: [], gaps: [] },
  exemptions: { unused: [], expired: [] },
  engine: '0.1.0',
  rules: 'sha256-rules',
  policy: 'sha256-policy',
  asOf: noon,
};

const allow: CheckVerdict = {
  result: 'allow',
  id: 'sha256-id',
  lockfile: 'package-lock.json',
  project: 'app',
  base: 'main',
  lock: verdict,
  packages: [],
  removed: [],
  stopped: false,
  unchanged: 1,
  patch: undefined,
};

function filesOf(text: string, files: Readonly<Record<string, string>> = {}): CheckQuestion['after'] {
  return { lockfile: { path: 'package-lock.json', text }, files: new Map(Object.entries(files)) };
}

const question: CheckQuestion = {
  before: filesOf('{"old":1}', { 'package.json': '{}' }),
  after: filesOf('{"new":1}', { 'package.json': '{}' }),
  kept: 'nothing',
};

interface World {
  readonly question?: Partial<CheckQuestion>;
  readonly options?: Partial<CheckOptions>;
  readonly configuration?: string | undefined;
  readonly advisories?: AdvisoriesByName;
  readonly approvals?: readonly Approval[];
}

const clean: AdvisoriesByName = new Map([['sample', known([])]]);

/** A store, and runs that use it: each tells whether it had to compute. */
function makeRuns(kept: Map<string, RememberedCheck> = new Map()) {
  return async (world: World = {}, answer: Partial<CheckVerdict> = {}): Promise<'computed' | 'remembered'> => {
    const registry: Registry = {
      hosts: [],
      configuration: 'configuration' in world ? world.configuration : 'configuration',
      addressOf: () => 'https://registry.example/',
      loadPackument: async () => missed,
      loadTarball: async () => missed,
      loadSignedRelease: async () => ({ signatures: missed, provenance: missed }),
      loadAdvisories: async () => world.advisories ?? clean,
    };
    const store: FactStore = {
      ...createMemoryStore(),
      findApprovals: async () => world.approvals ?? [],
      checks: {
        find: async (key) => kept.get(key),
        save: async (key, { check, forgetBefore }) => {
          for (const [old, { asOf }] of kept) if (asOf < forgetBefore) kept.delete(old);
          kept.set(key, check);
        },
      },
    };
    const options: CheckOptions = {
      rules: [],
      policy: defaultPolicy,
      engine: '0.1.0',
      asOf: noon,
      base: 'main',
      openRegistry: async () => registry,
      openStore: async () => store,
      ...world.options,
    };
    let outcome: 'computed' | 'remembered' = 'remembered';
    const check = await checkRemembered({ ...question, ...world.question }, options, async (given) => {
      outcome = 'computed';
      await (await given.openRegistry()).loadAdvisories(new Map([['sample', ['1.0.1']]]));
      return { ...allow, lock: { ...verdict, asOf: options.asOf }, ...answer };
    });
    expect(check).toMatchObject({ result: 'allow', lock: { id: 'sha256-id' }, ...answer });
    return outcome;
  };
}

const approval: Approval = {
  name: 'sample',
  version: '1.0.1',
  exemption: { package: 'sample@1.0.1', rule: 'network-added', reason: 'looked at', expires: '2026-04-30' },
};
const advisory = {
  id: '1',
  title: 'Malware in sample',
  url: '',
  severity: 'critical',
  isMalware: true,
  vulnerableVersions: '1.0.1',
} as const;

describe('a check that was answered a moment ago', () => {
  it('is answered by that, up to five minutes later', async () => {
    const run = makeRuns();
    expect(await run()).toBe('computed');
    expect(await run()).toBe('remembered');
    expect(await run({ options: { asOf: '2026-03-31T12:04:59.999Z' } })).toBe('remembered');
    expect(await run({ options: { asOf: '2026-03-31T12:05:00.000Z' } })).toBe('computed');
  });

  it.each<[string, World]>([
    ['the lockfile', { question: { after: filesOf('{"new":2}', { 'package.json': '{}' }) } }],
    ['a manifest', { question: { after: filesOf('{"new":1}', { 'package.json': '{ }' }) } }],
    ['the place of a manifest', { question: { after: filesOf('{"new":1}', { 'a/package.json': '{}' }) } }],
    ['the base', { question: { before: filesOf('{"old":2}', { 'package.json': '{}' }) } }],
    ['there being no base', { question: { before: undefined } }],
    ['the name of the base', { options: { base: 'other' } }],
    ['what is looked at', { question: { kept: 'tarballs' } }],
    ['whether tarballs are read', { options: { tarballs: false } }],
    ['the policy', { options: { policy: { ...defaultPolicy, cooldownDays: 30 } } }],
    ['the version', { options: { engine: '0.2.0' } }],
    ["npm's configuration", { configuration: 'other' }],
    ['the registry being asked each time', { configuration: undefined }],
    ['an approval', { approvals: [approval] }],
    ['an advisory', { advisories: new Map([['sample', known([advisory])]]) }],
    ['whether advisories are known', { advisories: new Map([['sample', missed]]) }],
    ['the day', { options: { asOf: '2026-04-01T00:00:00.000Z' } }],
    ['a clock that was set back', { options: { asOf: '2026-03-31T11:59:59.999Z' } }],
  ])('is answered anew where this is different: %s', async (_, world) => {
    const run = makeRuns();
    const soonBefore = world.options?.asOf === '2026-04-01T00:00:00.000Z' ? '2026-03-31T23:59:00.000Z' : noon;
    expect(await run({ options: { asOf: soonBefore } })).toBe('computed');
    expect(await run({ options: { asOf: soonBefore } })).toBe('remembered');
    expect(await run(world)).toBe('computed');
  });

  it.each<[string, Partial<CheckVerdict>]>([
    ['it was left open', { lock: { ...verdict, result: 'undecided' } }],
    [
      'a registry did not respond',
      {
        lock: {
          ...verdict,
          coverage: {
            ...verdict.coverage,
            gaps: [{ fact: 'advisories', package: 'sample', why: 'unreachable', detail: '', required: false }],
          },
        },
      },
    ],
    [
      "a package's answer was left open",
      {
        packages: [
          {
            name: 'sample',
            from: '1.0.0',
            to: '1.0.1',
            kind: 'updated',
            direct: true,
            why: [],
            locations: [],
            line: 1,
            publishedAt: undefined,
            release: { ...verdict, result: 'undecided' },
            unread: undefined,
          },
        ],
      },
    ],
  ])('is answered anew where %s', async (_, answer) => {
    const run = makeRuns();
    expect(await run({}, answer)).toBe('computed');
    expect(await run({}, answer)).toBe('computed');
  });

  it('is forgotten once it is of no use any more', async () => {
    const kept = new Map<string, RememberedCheck>();
    const run = makeRuns(kept);
    await run();
    await run({ options: { asOf: '2026-03-31T12:06:00.000Z', base: 'other' } });
    expect(kept.size).toBe(1);
  });
});
