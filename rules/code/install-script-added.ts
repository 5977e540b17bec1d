/**
 * A script that npm runs when the package is installed: the oldest way in, since it runs before anybody has called
 * anything. Updates of honest packages hardly ever gain one.
 */
import type { Behavior, BehaviorComparison, Hook } from '../../src/model/behavior.ts';
import type { Place } from '../../src/model/finding.ts';
import { buildsOrStartsOwnFiles, isBuildCommand } from '../../src/model/plain-commands.ts';
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
  needs: ['modules', 'behaviors'],
  kinds: {
    'build-helper': {
      level: 'notice',
      about: 'The script only starts known tools that build or fetch an addon, or serve developers.',
    },
    'same-effect': {
      level: 'notice',
      about:
        'The script was there before; it still only builds the addon and runs files of the package, which do nothing new but keep a note in the temporary folder.',
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
    {
      title: 'a script that runs a file which does the same in another way',
      before: {
        'package.json': { scripts: { install: 'node a.js', postinstall: 'node tasks/thanks || echo "ignore"' } },
        'a.js': 'console.log("a");\n',
        'tasks/thanks.js': 'console.log("Thank you");\n',
      },
      after: {
        'package.json': {
          scripts: { install: 'node a.js', postinstall: `node -e "try{require('./thanks')}catch(e){}"` },
        },
        'a.js': 'console.log("a");\n',
        'thanks.js': `const note = require('path').join(require('os').tmpdir(), 'thanks-shown');
console.log("Thank you");
require('fs').writeFileSync(note, '1');
`,
      },
      expect: [
        {
          kind: 'same-effect',
          message: `The postinstall script was "node tasks/thanks || echo "ignore"" and runs now: node -e "try{require('./thanks')}catch(e){}"`,
          at: atManifest('scripts', 'postinstall'),
        },
      ],
    },
    {
      title: 'a script that builds the addon with another flag, and goes on where that fails',
      before: {
        'package.json': { scripts: { install: '(node get && prebuild-install) || (node-gyp rebuild && node get)' } },
        'get.js': 'exports.a = 1;\n',
        'binding.gyp': '{}',
      },
      after: {
        'package.json': {
          scripts: { install: '(node get && prebuild-install --runtime=napi) || (node-gyp rebuild && node end)' },
        },
        'get.js': 'exports.a = 1;\n',
        'end.js': 'process.exit(process.env.HARD ? 1 : 0);\n',
        'binding.gyp': '{}',
      },
      expect: [
        {
          kind: 'same-effect',
          message:
            'The install script was "(node get && prebuild-install) || (node-gyp rebuild && node get)" and runs now: (node get && prebuild-install --runtime=napi) || (node-gyp rebuild && node end)',
          at: atManifest('scripts', 'install'),
        },
      ],
    },
    {
      title: 'a script that runs another file, which does more',
      before: { 'package.json': { scripts: { postinstall: 'node a.js' } }, 'a.js': 'console.log("a");\n' },
      after: {
        'package.json': { scripts: { postinstall: 'node b.js' } },
        'b.js': `console.log("a");\nrequire('https').get('https://count.invalid/');\n`,
      },
      expect: [
        {
          message: 'The postinstall script was "node a.js" and runs now: node b.js',
          at: atManifest('scripts', 'postinstall'),
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
      title: 'the same file is started by another spelling',
      before: {
        'package.json': { scripts: { install: './bin/install.js', postinstall: 'node ./thank.js' } },
        'bin/install.js': '',
        'thank.js': '',
      },
      after: {
        'package.json': { scripts: { install: 'node ./bin/install.js', postinstall: 'node --harmony ./thank.js' } },
        'bin/install.js': '',
        'thank.js': '',
      },
    },
    {
      title: 'a script that npm ran by itself before is written down now',
      before: { 'binding.gyp': '{}' },
      after: { 'package.json': { scripts: { install: 'node-gyp rebuild' } }, 'binding.gyp': '{}' },
    },
  ],
  check({ modules, behaviors }) {
    const old = new Map((modules.before?.hooks ?? []).map((hook) => [hook.event, hook.command.trim()]));
    return modules.after.hooks
      .filter((hook) => startOf(old.get(hook.event)) !== startOf(hook.command))
      .map((hook) => {
        const before = old.get(hook.event);
        const message = describe(hook, before);
        const at = placeOf(hook);
        if (isBuildCommand(hook.command)) return { kind: 'build-helper', message, at };
        return hasSameEffect(hook, before, behaviors) ? { kind: 'same-effect', message, at } : { message, at };
      });
  },
});

/** A file of JavaScript is started as a program or by `node`, with or without `./` or what changes no behavior: it does the same. */
function startOf(command: string | undefined): string | undefined {
  return command
    ?.trim()
    .replace(
      /^(?:node +(?:--(?:harmony|no-warnings|max-old-space-size=\d+) +)*)?(?:\.\/)?(?=[\w./-]+\.[cm]?js$)/,
      'node ',
    );
}

/** Only where all that the files do was read. */
function hasSameEffect({ command }: Hook, before: string | undefined, behaviors: BehaviorComparison): boolean {
  return (
    before !== undefined &&
    /\bnode /.test(before) &&
    buildsOrStartsOwnFiles(before) &&
    buildsOrStartsOwnFiles(command) &&
    behaviors.unread.length === 0 &&
    behaviors.parseFailures.length === 0 &&
    behaviors.added.every(
      (behavior) => behavior.tier !== 'install' || behavior.kind === 'process-stop' || keepsNote(behavior),
    )
  );
}

/** What lies in the temporary folder is not run by anybody; whoever ran it would be told. */
function keepsNote({ kind, detail, origins }: Behavior): boolean {
  if (kind !== 'file-read' && kind !== 'file-write') return false;
  return /^<temp>\/[\w-]+$/.test(detail ?? '') && !origins.includes('decoded') && !origins.includes('fetched');
}

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
