/**
 * A library that speaks when it is imported or installed: banners, appeals, advertising. Harmless by itself, and the
 * first sign of sabotage and protest, so it is told and no more; in an installation script it deserves a look.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const outputAtLoad: Rule = defineRule({
  id: 'output-at-load',
  family: 'code',
  title: 'The package prints something when it is loaded or installed',
  rationale:
    'A library has nothing to say before it is called; what it prints may break programs whose output is read.',
  remedy: 'Read the text. If it is a message to users, decide whether you want it in your logs.',
  level: 'notice',
  incidents: [
    {
      what: 'colors 1.4.1: a banner and endless text at load',
      when: '2022-01-08',
      url: 'https://research.swtch.com/npm-colors',
    },
  ],
  appliesToAdditions: false,
  needs: ['behaviors'],
  kinds: {
    'when-installed': { level: 'review', about: 'An installation script prints it.' },
  },
  flags: [
    {
      title: 'a banner at load',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: { 'index.js': `exports.a = 1;\nconsole.log('LIBERTY ' + 'LIBERTY');\n` },
      expect: [
        {
          message: 'console.log prints "LIBERTY LIBERTY"',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'an appeal in an installation script',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node ./thanks' } },
        'index.js': '',
        'thanks.js': `process.stdout.write('Please support us');\n`,
      },
      expect: [
        {
          kind: 'when-installed',
          message: 'process.stdout.write prints "Please support us"',
          at: { in: 'tarball', path: 'thanks.js', line: 1 },
          via: ['scripts/postinstall', 'thanks.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a warning under a condition, output of a function, and a command line tool',
      before: { 'package.json': { bin: 'cli.js' }, 'index.js': '', 'cli.js': '' },
      after: {
        'package.json': { bin: 'cli.js' },
        'index.js': `if (!globalThis.fetch) console.warn('fetch is missing');\nexports.log = (text) => console.log(text);\n`,
        'cli.js': `console.log('ready');\n`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.filter(speaks).map((behavior) => {
      const text = behavior.detail === undefined ? 'something' : `"${shorten(behavior.detail)}"`;
      const kind = behavior.tier === 'install' ? 'when-installed' : undefined;
      return evidenceOf(behavior, `${behavior.api} prints ${text}`, kind);
    });
  },
});

function speaks({ kind, tier, root, marks }: Behavior): boolean {
  if (kind !== 'output' || root === 'bin') return false;
  return tier === 'install' || (tier === 'load' && !marks.includes('conditional') && root !== 'file');
}
