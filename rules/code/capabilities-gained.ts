/**
 * A library that only computed now touches the world: it connects, starts programs, writes files, reads the environment, runs
 * text or native code, and none of it before. One such step is a feature; several at once are another program.
 */
import type { Behavior, BehaviorComparison, BehaviorKind, ModuleGraph } from '../../src/model/behavior.ts';
import type { FileComparison } from '../../src/model/file-comparison.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, evidenceOf } from '../../src/rule.ts';

interface Capability {
  readonly name: string;
  readonly kinds: readonly BehaviorKind[];
  /** Modules that are imported for nothing else. */
  readonly modules: RegExp;
  /** What code that does it by other means mentions. */
  readonly words: RegExp;
}

const capabilities: readonly Capability[] = [
  {
    name: 'the network',
    kinds: ['network', 'disclosure'],
    modules: /^(?:https?|http2|net|tls|dgram|dns|axios|got|node-fetch|undici|ws|request|superagent|ky|cross-fetch)$/,
    words: /\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon/,
  },
  { name: 'reading files', kinds: ['file-read'], modules: /^$/, words: /readFile|createReadStream/ },
  {
    name: 'writing files',
    kinds: ['file-write', 'file-delete'],
    modules: /^(?:fs|fs\/promises|fs-extra|graceful-fs|rimraf|del|mkdirp)$/,
    words: /writeFile|appendFile|createWriteStream|unlink|rmSync/,
  },
  {
    name: 'starting programs',
    kinds: ['child-process'],
    modules: /^(?:child_process|cross-spawn|execa|shelljs|tinyexec|zx)$/,
    words: /child_process/,
  },
  { name: 'the environment', kinds: [], modules: /^$/, words: /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b/ },
  { name: 'running text as code', kinds: ['dynamic-code'], modules: /^vm$/, words: /\beval\b|\bFunction\s*\(/ },
  {
    name: 'native code',
    kinds: ['native-code'],
    modules: /^(?:bindings|node-gyp-build|ffi-napi)$/,
    words: /WebAssembly|dlopen/,
  },
];

/** By itself, when it is loaded or installed; of what users ask for, one more. */
const minGained = 2;
const minGainedWhenCalled = 3;

export const capabilitiesGained: Rule = defineRule({
  id: 'capabilities-gained',
  family: 'code',
  title: 'A package that only computed now touches the world',
  rationale: 'What it can reach now is more than what you chose it for.',
  remedy: 'Read what it does with them, and whether the release notes say why.',
  level: 'review',
  incidents: [
    {
      what: 'event-stream 3.3.6 through flatmap-stream 0.1.1: a stream helper that read files, deciphered and compiled them',
      when: '2018-11-26',
      url: 'https://github.com/dominictarr/event-stream/issues/116',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'modules', 'behaviors'],
  kinds: {
    'when-called': { level: 'notice', about: 'Users call a function that has two of them: a feature, as a rule.' },
    'runs-input': {
      level: 'review',
      about: 'A function that users call runs text that it is given, by eval and its like.',
    },
    'new-major': { level: 'notice', about: 'The version says that it is another package now.' },
  },
  flags: [
    {
      title: 'a helper for texts that starts programs with the environment',
      before: { 'index.js': 'exports.trim = (text) => text.trim();\n' },
      after: {
        'index.js': `const { execFileSync } = require('child_process');\nexports.trim = (text) => text.trim();\nexports.run = (name) => execFileSync(require('fs').readFileSync(name, 'utf8'), { env: process.env });\n`,
      },
      expect: [
        {
          message:
            'Reading files, starting programs, the environment are new; the old version used nothing of the kind',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'run()'],
        },
      ],
    },
    {
      title: 'two of them, in a function that users call',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.save = async (url) => require('fs').writeFileSync('./copy', await (await fetch(url)).text());\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'The network and writing files are new; the old version used nothing of the kind',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'save()'],
        },
      ],
    },
    {
      title: 'text out of a request run where it stands, by a helper that only computed',
      before: { 'index.js': 'exports.trim = (text) => text.trim();\n' },
      after: {
        'index.js': `exports.trim = (text) => text.trim();\nexports.serve = (request, answer) => answer.end(String(eval(request.query.d)));\n`,
      },
      expect: [
        {
          kind: 'runs-input',
          message: 'eval runs what it is given; the old version used nothing of the kind',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'serve()'],
        },
      ],
    },
    {
      title: 'the same at once, with a new major version',
      from: '1.2.0',
      to: '2.0.0',
      before: { 'index.js': '' },
      after: {
        'index.js': `fetch('https://far.invalid/').then((answer) => require('fs').writeFileSync('./copy', answer));\n`,
      },
      expect: [
        {
          kind: 'new-major',
          message: 'The network and writing files are new; the old version used nothing of the kind',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a template that is compiled to a function',
      before: { 'index.js': 'exports.trim = (text) => text.trim();\n' },
      after: {
        'index.js': `exports.trim = (text) => text.trim();\nexports.compile = (template) => new Function('data', 'return ' + template);\n`,
      },
    },
    {
      title: 'constant code under the name of a file that is given',
      before: { 'index.js': 'exports.trim = (text) => text.trim();\n' },
      after: {
        'index.js': `exports.trim = (text) => text.trim();
exports.requireFrom = (path) => {
  const one = new (require('module'))(path, null);
  one._compile('module.exports = require;', path);
  return one.exports;
};
`,
      },
    },
    {
      title: 'the way to the global object that works everywhere, and another one of them',
      before: { 'index.js': 'exports.trim = (text) => text.trim();\n' },
      after: {
        'index.js': `const root = typeof self === 'object' ? self : Function('return this')();\nexports.trim = (text) => text.trim();\nexports.types = process.binding('util');\n`,
      },
    },
    {
      title: 'one of them gained, several gained by a package that had one, and a command line tool that is new',
      before: { 'index.js': `exports.home = process.env.HOME;\n` },
      after: {
        'package.json': { bin: 'cli.js' },
        'index.js': `exports.home = process.env.HOME;\nexports.get = (url) => fetch(url);\n`,
        'cli.js': `require('fs').writeFileSync('./out', '');\nrequire('child_process').execFileSync('git', ['status']);\n`,
      },
    },
  ],
  check({ files, modules, behaviors, subject }) {
    if (files.before === undefined || modules.before === undefined) return [];
    const gained = findGained(behaviors, files, modules.after);
    const [first] = gained.sources;
    const isMajor = majorOf(subject.from) !== majorOf(subject.to) && subject.from !== undefined;
    const door = isMajor ? undefined : behaviors.added.find(runsInput);
    if (first === undefined || (gained.names.length < minGained && door === undefined)) return [];
    const isEnough = gained.early >= minGained || gained.names.length >= minGainedWhenCalled;
    if (usedSomething(files.before, modules.before, behaviors.knownKinds)) return [];
    const named = gained.names.join(gained.names.length === 2 ? ' and ' : ', ');
    const message = `${named.charAt(0).toUpperCase()}${named.slice(1)} are new; the old version used nothing of the kind`;
    const evidence = { message, at: atFile(first.path, first.line), via: first.via };
    if (!isEnough && door !== undefined) {
      const seen = `${door.api} runs what it is given; the old version used nothing of the kind`;
      return [evidenceOf(door, seen, 'runs-input')];
    }
    if (!isEnough) return [{ kind: 'when-called', ...evidence }];
    return [isMajor ? { kind: 'new-major', ...evidence } : evidence];
  },
});

/** Compilers of templates make functions; what runs text where it stands is a door. */
function runsInput({ kind, api, tier, root, origins }: Behavior): boolean {
  if (kind !== 'dynamic-code' || tier === 'unreached' || root === 'bin') return false;
  return origins.includes('parameter') && /^(?:eval|execScript|vm\.run\w+|module\..*_compile)$/.test(api);
}

function usedSomething(before: PackageTree, graph: ModuleGraph, kinds: ReadonlySet<BehaviorKind>): boolean {
  const texts = [...before.files.values()].filter(({ format }) => format === 'javascript');
  return capabilities.some(
    (one) =>
      one.kinds.some((kind) => kinds.has(kind)) ||
      [...graph.imports].some((name) => one.modules.test(name)) ||
      texts.some((file) => one.words.test(textOf(file))),
  );
}

interface Gained {
  readonly names: readonly string[];
  /** How many of them are used by itself. */
  readonly early: number;
  readonly sources: BehaviorComparison['added'];
}

/** A command line tool is a program of its own, and what nobody reaches does nothing. */
function findGained(
  { added }: BehaviorComparison,
  { added: fresh, changed }: FileComparison,
  graph: ModuleGraph,
): Gained {
  const sources = added.filter(
    (behavior) =>
      behavior.tier !== 'unreached' &&
      behavior.root !== 'bin' &&
      !behavior.marks.includes('fills-gap') &&
      !isReadAsCode(behavior) &&
      capabilities.some(({ kinds }) => kinds.includes(behavior.kind)),
  );
  const kinds = new Set(sources.map(({ kind }) => kind));
  const names = capabilities.filter((one) => one.kinds.some((kind) => kinds.has(kind))).map(({ name }) => name);
  const files = [...fresh, ...changed.map(({ after }) => after)];
  const words = capabilities.find(({ kinds: none }) => none.length === 0)?.words;
  const reads = files.some(
    (file) => file.format === 'javascript' && graph.tiers.has(file.path) && words?.test(textOf(file)) === true,
  );
  const early = new Set(sources.filter(({ tier }) => tier === 'install' || tier === 'load').map(({ kind }) => kind));
  return { names: reads ? [...names, 'the environment'] : names, early: early.size, sources };
}

/** `Function('return this')()`: text that stands there whole was read like the rest, and what it does is told for itself. */
function isReadAsCode({ kind, api, detail, origins }: Behavior): boolean {
  if (kind !== 'dynamic-code' || !/^(?:Function|eval|execScript|vm\.run\w+)$/.test(api)) return false;
  return detail !== undefined && !detail.includes('…') && origins.length === 0;
}

function majorOf(version: string | undefined): string | undefined {
  return version?.replace(/^v/, '').split('.')[0];
}
