/** The borders of docs/architecture.md: read from every import, and proven to be what the linter refuses too. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pickRegistry } from 'npm-registry-fetch';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Border {
  /** Parts it may import besides itself. */
  readonly parts: readonly string[];
  /** What it may import from outside the repository. */
  readonly outside: RegExp;
  readonly alone?: true;
}

interface BorderLine {
  readonly path: string;
  readonly forbidden: string;
  readonly allowed: string | undefined;
  /** Where the linter's own sentence begins. */
  readonly sentence: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const nothing = /^$/;
const nouns = ['model', 'rule', 'errors'];
const runsCode = 'child_process|cluster|inspector|module|repl|vm|wasi';

/** design's import table. A rule file and errors.ts stand alone: not even their neighbours may be imported. */
const borders: Readonly<Record<string, Border>> = {
  model: { parts: [], outside: nothing },
  errors: { parts: [], outside: nothing, alone: true },
  rule: { parts: ['model'], outside: nothing },
  rules: { parts: ['model', 'rule'], outside: nothing, alone: true },
  'rules/index': { parts: ['rules', 'rule'], outside: nothing },
  engine: { parts: nouns, outside: /^(?!node:)/ },
  lockfile: { parts: nouns, outside: /^(?!node:)/ },
  select: { parts: nouns, outside: /^(?!node:)/ },
  report: { parts: nouns, outside: /^(?!node:)/ },
  tarball: { parts: ['model', 'errors'], outside: /^node:(buffer|crypto|zlib)$/ },
  behavior: { parts: ['model', 'errors'], outside: /^(node:buffer|meriyah)$/ },
  registry: { parts: ['model', 'errors'], outside: new RegExp(`^(?!node:(${runsCode})$)`) },
  store: { parts: ['model', 'errors'], outside: /^(better-sqlite3|kysely|node:(fs|path))$/ },
  guard: {
    parts: [...nouns, 'engine', 'lockfile', 'select', 'report', 'tarball', 'behavior', 'registry', 'rules/index'],
    outside: new RegExp(`^(?!node:(${runsCode})$)`),
  },
  cli: { parts: [...nouns, 'guard', 'report', 'rules/index'], outside: /^(?!node:(vm|inspector|repl)$)/ },
  service: { parts: [...nouns, 'guard', 'report', 'rules/index', 'store'], outside: /./ },
  action: { parts: [...nouns, 'guard', 'report', 'rules/index'], outside: /^(?!better-sqlite3$|kysely$)/ },
};

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const code = tracked.filter((path) => /^(src|rules|test|tools|bench)\/.*\.(ts|js)$/.test(path));
const product = code.filter((path) => /^(src|rules)\//.test(path));

describe('every file of the product', () => {
  it('belongs to a part that has a line in the import table', () => {
    expect(product.length).toBeGreaterThan(10);
    expect(product.filter((path) => borders[partOf(path)] === undefined)).toEqual([]);
  });

  it('imports only what its part may', () => {
    expect(product.flatMap((path) => findCrossings(path))).toEqual([]);
  });
});

describe('findCrossings', () => {
  it.each([
    ['src/engine/judge.ts', "import { x } from '../registry/packument.ts'"],
    ['src/engine/judge.ts', "import type { X } from './../registry/packument.ts'"],
    ['src/engine/judge.ts', "type X = import('../registry/packument.ts').X"],
    ['src/engine/judge.ts', "export * from '../cli/main.ts'"],
    ['src/engine/judge.ts', "await import('node:fs')"],
    ['rules/code/this.ts', "import { that } from './that.ts'"],
    ['src/model/fact.ts', "import semver from 'semver'"],
  ])('sees in %s that %s crosses a border', (path, text) => {
    expect(findCrossings(path, text)).toHaveLength(1);
  });
});

describe('the linter', () => {
  /** One forbidden and one allowed import for each line of the table. */
  const lines: readonly BorderLine[] = [
    {
      path: 'src/model/probe.ts',
      forbidden: '../errors.ts',
      allowed: './fact.ts',
      sentence: 'model/ may import nothing but itself',
    },
    {
      path: 'src/errors.ts',
      forbidden: './model/fact.ts',
      allowed: undefined,
      sentence: 'errors.ts may import nothing',
    },
    {
      path: 'src/rule.ts',
      forbidden: './engine/judge.ts',
      allowed: './model/fact.ts',
      sentence: 'rule.ts may import model/ only',
    },
    {
      path: 'rules/code/probe.ts',
      forbidden: './other.ts',
      allowed: '../../src/rule.ts',
      sentence: 'A rule may import model/ and rule.ts only',
    },
    {
      path: 'rules/release/probe.ts',
      forbidden: 'node:fs',
      allowed: '../../src/model/fact.ts',
      sentence: 'A rule may import model/ and rule.ts only',
    },
    {
      path: 'rules/index.ts',
      forbidden: '../src/errors.ts',
      allowed: './code/probe.ts',
      sentence: 'rules/index.ts may import the rules',
    },
    { path: 'src/engine/probe.ts', forbidden: 'node:fs', allowed: '../rule.ts', sentence: 'engine/ may import' },
    {
      path: 'src/engine/deep/probe.ts',
      forbidden: '../../registry/packument.ts',
      allowed: '../probe.ts',
      sentence: 'engine/ may import',
    },
    { path: 'src/lockfile/probe.ts', forbidden: 'node:fs', allowed: '../errors.ts', sentence: 'lockfile/ may import' },
    {
      path: 'src/select/probe.ts',
      forbidden: '../registry/packument.ts',
      allowed: 'semver',
      sentence: 'select/ may import',
    },
    {
      path: 'src/report/probe.ts',
      forbidden: '../guard.ts',
      allowed: '../model/verdict.ts',
      sentence: 'report/ may import',
    },
    { path: 'src/tarball/probe.ts', forbidden: 'node:fs', allowed: 'node:zlib', sentence: 'tarball/ may import' },
    { path: 'src/behavior/probe.ts', forbidden: '../rule.ts', allowed: 'meriyah', sentence: 'behavior/ may import' },
    {
      path: 'src/registry/probe.ts',
      forbidden: '../engine/judge.ts',
      allowed: 'pacote',
      sentence: 'registry/ may import',
    },
    {
      path: 'src/registry/runs.ts',
      forbidden: 'node:child_process',
      allowed: 'node:path',
      sentence: 'Nothing of a package is ever run',
    },
    {
      path: 'src/store/probe.ts',
      forbidden: '../registry/packument.ts',
      allowed: '../model/verdict.ts',
      sentence: 'store/ may import',
    },
    {
      path: 'src/guard.ts',
      forbidden: './cli/main.ts',
      allowed: './registry/packument.ts',
      sentence: 'guard may not import a door',
    },
    {
      path: 'src/guard/runs.ts',
      forbidden: 'node:vm',
      allowed: 'node:path',
      sentence: 'Nothing of a package is ever run',
    },
    {
      path: 'src/cli/probe.ts',
      forbidden: '../registry/packument.ts',
      allowed: '../guard.ts',
      sentence: 'cli/ may import guard',
    },
    {
      path: 'src/service/probe.ts',
      forbidden: '../cli/main.ts',
      allowed: '../report/render-json.ts',
      sentence: 'service/ may import guard',
    },
    {
      path: 'src/action/probe.ts',
      forbidden: '../service/app.ts',
      allowed: '../guard.ts',
      sentence: 'action/ may import guard',
    },
    { path: 'src/action/native.ts', forbidden: 'kysely', allowed: '../guard.ts', sentence: 'action/ may import guard' },
  ];
  const purity: readonly (readonly [path: string, text: string, sentence: string])[] = [
    ['rules/code/clock.ts', 'export const now = Date.now();', 'Time and chance come in as values'],
    ['src/engine/clock.ts', 'export const now = new Date();', 'Time and chance come in as values'],
    ['src/report/chance.ts', 'export const chance = Math.random();', 'Time and chance come in as values'],
    ['rules/code/later.ts', 'export const later = async () => 1;', 'A rule is synchronous'],
    ['src/engine/talks.ts', "console.log('x');", 'console'],
    ['src/engine/any.ts', 'export const x: any = 1;', 'any'],
    ['src/engine/default.ts', 'export default 1;', 'default export'],
    ['src/engine/Camel.ts', 'export const x = 1;', 'kebab-case'],
  ];
  let folder = '';
  let spoken: ReadonlyMap<string, string> = new Map();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-borders-'));
    cpSync(join(root, 'tools'), join(folder, 'tools'), { recursive: true });
    for (const file of ['biome.json', 'package.json']) cpSync(join(root, file), join(folder, file));
    for (const { path, forbidden, allowed } of lines) {
      writeFile(path, `import { x } from '${forbidden}';\nexport const y = x;\n`);
      if (allowed !== undefined) writeFile(`allowed/${path}`, `import { x } from '${allowed}';\nexport const y = x;\n`);
    }
    for (const [path, text] of purity) writeFile(path, `${text}\n`);
    spoken = lint(folder, ['src', 'rules']);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(lines)('refuses in $path to import $forbidden', ({ path, sentence }) => {
    expect(spoken.get(path)).toContain(sentence);
  });

  it('lets every part import what it may', () => {
    const trees = join(folder, 'allowed');
    for (const file of ['biome.json', 'package.json', 'tools']) {
      cpSync(join(folder, file), join(trees, file), { recursive: true });
    }
    const refused = lint(trees, ['src', 'rules']);
    expect(lines.filter(({ path, sentence }) => refused.get(path)?.includes(sentence))).toEqual([]);
  });

  it.each(purity)('refuses in %s: %s', (path, _text, sentence) => {
    expect(spoken.get(path)).toContain(sentence);
  });

  function writeFile(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

describe('every tracked file', () => {
  it('has a kebab-case name', () => {
    const names = code.map((path) => posix.basename(path).split('.')[0] ?? '');
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('is not named with a word that says nothing', () => {
    const unused =
      /(^|[-./])(issue|result|data|item|info|scan|score|threat|safe|utils?|helpers?|common|core)s?([-./]|$)/;
    expect(code.filter((path) => unused.test(path))).toEqual([]);
  });

  it('has at most 300 lines, or says in its header why it has more', () => {
    const long = code.filter((path) => {
      const rows = read(path).split('\n');
      return rows.length > 301 && !/over 300 lines/i.test(rows.slice(0, 12).join('\n'));
    });
    expect(long).toEqual([]);
  });

  it('exports by name only', () => {
    expect(code.filter((path) => /^export default\b|^export \{[^}]*\bas default\b/m.test(read(path)))).toEqual([]);
  });

  it('names no registry host: which one to ask is npm’s own configuration', () => {
    const host = new URL(pickRegistry('sluice', {})).host;
    expect(host).not.toBe('');
    expect(tracked.filter((path) => read(path).includes(host))).toEqual([]);
  });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** `src/engine/judge.ts` is of `engine`, `src/rule.ts` of `rule`, `rules/code/x.ts` of `rules`. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  if (path === 'rules/index.ts') return 'rules/index';
  return top === 'src' ? second.replace(/\.ts$/, '') : top;
}

function findCrossings(path: string, text: string = read(path)): string[] {
  const border = borders[partOf(path)];
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  return specifiers
    .filter((specifier) => border === undefined || !isAllowed(border, path, specifier))
    .map((specifier) => `${path} imports ${specifier}`);
}

function isAllowed(border: Border, path: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return border.outside.test(specifier);
  const target = partOf(posix.join(posix.dirname(path), specifier));
  return border.parts.includes(target) || (target === partOf(path) && border.alone === undefined);
}

/** What Biome says about each file, its messages joined. */
function lint(folder: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['lint', '--reporter=json', '--max-diagnostics=none', ...paths],
    { cwd: folder, encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(`Biome said nothing in JSON: ${stderr}`);
  // Safe: the shape is Biome's own, and a wrong one makes every expectation above fail.
  const report = JSON.parse(stdout) as { diagnostics: { message: string; location: { path: string } }[] };
  const spoken = new Map<string, string>();
  for (const { message, location } of report.diagnostics) {
    spoken.set(location.path, `${spoken.get(location.path) ?? ''}\n${message}`);
  }
  return spoken;
}
