/**
 * Steps by which code avoids being seen: it switches off the check of certificates, silences the console, deletes its own
 * files when it is done. None of them proves anything; beside another finding they tell what it is.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const evasionAdded: Rule = defineRule({
  id: 'evasion-added',
  family: 'code',
  title: 'The package hides what it does',
  rationale: 'It takes away what would have shown you what happened.',
  remedy: 'Read it together with the other findings.',
  level: 'notice',
  incidents: [
    {
      what: 'axios 1.14.1 through plain-crypto-js 4.2.1: the setup script deleted itself and put a clean package.json in its place',
      when: '2026-03-31',
      url: 'https://www.turbodocx.com/blog/axios-npm-supply-chain-attack-how-to-protect-your-projects',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'checks-off': {
      level: 'review',
      about: 'The check of certificates is switched off for everything in the process.',
    },
  },
  flags: [
    {
      title: 'certificates unchecked, a silent console, and a file that deletes itself',
      before: { 'index.js': '' },
      after: {
        'index.js': `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\nconsole.error = () => {};\nrequire('fs').unlinkSync(__filename);\n`,
      },
      expect: [
        {
          message: 'fs.unlinkSync deletes a file of the package itself: <package>',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'checks-off',
          message: 'Certificates are no longer checked, for the whole process',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
        {
          message: 'console.error is replaced, so that nothing is seen',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'certificates unchecked from the first call on',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.open = () => { process.env['NODE_TLS_' + 'REJECT_UNAUTHORIZED'] = '0'; };
`,
      },
      expect: [
        {
          kind: 'checks-off',
          message: 'Certificates are no longer checked, for the whole process',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'open()'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'an option that callers set',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.open = (options) => { if (options.insecure) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; };
`,
      },
    },
    {
      title: 'a variable of its own, a temporary file that is deleted, and a console that is used',
      before: { 'index.js': '' },
      after: {
        'index.js': `process.env.SAMPLE_DEBUG = '1';\nrequire('fs').unlinkSync(require('os').tmpdir() + '/sample');\nrequire('fs').unlinkSync(__dirname + '/../../.git/hooks/pre-commit');\nconsole.error('ready');\n`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.flatMap((behavior): Evidence<'checks-off'>[] => {
      const isEarly = behavior.tier === 'install' || behavior.tier === 'load';
      // An option that callers set stands under a test of it.
      const isAlways = behavior.tier === 'call' && isCheckSwitch(behavior) && !behavior.marks.includes('conditional');
      const seen = isEarly || isAlways ? describe(behavior) : undefined;
      return seen === undefined ? [] : [evidenceOf(behavior, seen, isCheckSwitch(behavior) ? 'checks-off' : undefined)];
    });
  },
});

function isCheckSwitch({ api }: Behavior): boolean {
  return api === 'process.env.NODE_TLS_REJECT_UNAUTHORIZED' || api === 'https.globalAgent.options.rejectUnauthorized';
}

/** Not what lies above it: a path begins at the folder of the file that says it. */
function isOfPackage(detail: string, path: string): boolean {
  const [start, ...steps] = detail.split(/[\\/]+/);
  const climbs = steps.findIndex((step) => step !== '..');
  return start === '<package>' && (climbs === -1 ? steps.length : climbs) < path.split('/').length;
}

function describe(behavior: Behavior): string | undefined {
  const { kind, api, detail } = behavior;
  if (kind === 'file-delete' && detail !== undefined && isOfPackage(detail, behavior.path)) {
    return `${api} deletes a file of the package itself: ${shorten(detail)}`;
  }
  if (kind !== 'global-patch') return undefined;
  if (isCheckSwitch(behavior)) return 'Certificates are no longer checked, for the whole process';
  return /^console\.(?:log|error|warn|info)$/.test(api) ? `${api} is replaced, so that nothing is seen` : undefined;
}
