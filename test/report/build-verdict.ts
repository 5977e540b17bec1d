/** Verdicts for tests of the reports: everything known, nothing found, unless a test says otherwise. */
import type { Finding } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';

export function buildVerdict(fields: Partial<Verdict> = {}): Verdict {
  return {
    result: 'allow',
    id: 'sha256-id',
    subject: {
      name: 'sample',
      from: '1.0.0',
      to: '1.0.1',
      integrity: { from: 'sha512-from', to: 'sha512-to' },
      source: 'registry',
    },
    findings: [],
    coverage: { applicable: 22, checked: 22, unchecked: [], gaps: [] },
    exemptions: { unused: [], expired: [] },
    engine: '0.1.0',
    rules: 'sha256-rules',
    policy: 'sha256-policy',
    asOf: '2026-01-01T00:00:00.000Z',
    ...fields,
  };
}

export function buildFinding(fields: Partial<Finding> = {}): Finding {
  return {
    rule: 'endless-loop-at-load',
    kind: undefined,
    level: 'block',
    package: { name: 'sample', version: '1.0.1' },
    message: 'a loop that never ends runs when the package is loaded',
    at: { in: 'tarball', path: 'lib/index.js', line: 12 },
    via: ['main', 'lib/index.js'],
    excerpt: [
      { line: 12, text: 'for (let i = 666; i < Infinity; i++) {' },
      { line: 13, text: '\tconsole.log(i);' },
    ],
    why: 'Whoever loads it hangs.',
    remedy: 'Stay on the old version.',
    target: undefined,
    exemption: undefined,
    ...fields,
  };
}
