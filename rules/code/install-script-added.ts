/**
 * A script that npm runs when the package is installed: the oldest way in, since it runs before anybody has called
 * anything. Updates of honest packages hardly ever gain one.
 */
import type { Hook } from '../../src/model/behavior.ts';
import type { Place } from '../../src/model/finding.ts';
import { isBuildCommand } from '../../src/model/plain-commands.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, atManifest, defineRule, shorten } from '../../src/rule.ts';

export const installScriptAdded: Rule = defineRule({
  id: 'install-script-added',
  family: 'code',
  title: 'A script runs when the package is installed',
  rationale: 'It runs on every machine that installs the package, before any of your code, with all of your rights.',
  remedy: 'Read the script and what it starts. Install with --ignore-scripts, or do not allow scripts of this package.',
  level: 'review',
  incidents: [
    {
      what: 'eslint-scope 3.7.2: a postinstall script that read npm tokens',
      when: '2018-07-12',
      url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
    },
    {
      what: 'ua-parser-js 0.7.29: a preinstall script that fetched a miner',
      when: '2021-10-22',
      url: 'https://github.com/faisalman/ua-parser-js/issues/536',
    },
  ],
  appliesToAdditions: true,
  needs: ['modules'],
  kinds: {
    'build-helper': {
      level: 'notice',
      about: 'The script only starts known tools that build or fetch an addon, or serve developers.',
    },
  },
  flags: [
    {
      title: 'a new postinstall script',
      before: {},
      after: { 'package.json': { scripts: { postinstall: 'node setup.js' } }, 'setup.js': '' },
      expect: [{ message: 'A new postinstall script runs: node setup.js', at: atManifest('scripts', 'postinstall') }],
    },
    {
      title: 'a script that now does something else',
      before: { 'package.json': { scripts: { install: 'node-gyp rebuild' } } },
      after: { 'package.json': { scripts: { install: 'node-gyp rebuild && node setup.js' } }, 'setup.js': '' },
      expect: [
        {
          message: 'The install script was "node-gyp rebuild" and runs now: node-gyp rebuild && node setup.js',
          at: atManifest('scripts', 'install'),
        },
      ],
    },
    {
      title: 'a binding.gyp, for which npm runs node-gyp by itself, and a helper',
      before: {},
      after: { 'package.json': { scripts: { postinstall: 'husky install' } }, 'binding.gyp': '{}' },
      expect: [
        {
          kind: 'build-helper',
          message: 'A new postinstall script runs: husky install',
          at: atManifest('scripts', 'postinstall'),
        },
        {
          kind: 'build-helper',
          message: 'A new binding.gyp makes npm run: node-gyp rebuild',
          at: atFile('binding.gyp'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the same script as before, and scripts that npm does not run on installation',
      before: { 'package.json': { scripts: { install: 'node-gyp-build' } } },
      after: {
        'package.json': { scripts: { install: 'node-gyp-build ', prepare: 'node build.js', test: 'node test.js' } },
      },
    },
    {
      title: 'a script that npm ran by itself before is written down now',
      before: { 'binding.gyp': '{}' },
      after: { 'package.json': { scripts: { install: 'node-gyp rebuild' } }, 'binding.gyp': '{}' },
    },
  ],
  check({ modules }) {
    const old = new Map((modules.before?.hooks ?? []).map((hook) => [hook.event, hook.command.trim()]));
    return modules.after.hooks
      .filter((hook) => old.get(hook.event) !== hook.command.trim())
      .map((hook) => {
        const message = describe(hook, old.get(hook.event));
        return isBuildCommand(hook.command)
          ? { kind: 'build-helper', message, at: placeOf(hook) }
          : { message, at: placeOf(hook) };
      });
  },
});

function describe({ event, command, implicit }: Hook, old: string | undefined): string {
  const runs = shorten(command, 160);
  if (implicit) return `A new binding.gyp makes npm run: ${runs}`;
  return old === undefined
    ? `A new ${event} script runs: ${runs}`
    : `The ${event} script was "${shorten(old)}" and runs now: ${runs}`;
}

function placeOf({ event, implicit }: Hook): Place {
  return implicit ? atFile('binding.gyp') : atManifest('scripts', event);
}
