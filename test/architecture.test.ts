/** The borders of docs/architecture.md, read from every import; and what the names of files promise. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pickRegistry } from 'npm-registry-fetch';
import { describe, expect, it } from 'vitest';
import { findImports } from './support/find-imports.ts';

interface Border {
  /** Parts it may import besides itself. */
  readonly parts: readonly string[];
  /** What it may import from outside the repository. */
  readonly outside: RegExp;
  readonly alone?: true;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
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
  tarball: { parts: ['model', 'errors'], outside: /^(node:(buffer|crypto|path|zlib)|tar)$/ },
  behavior: { parts: ['model', 'errors'], outside: /^(node:buffer|meriyah|unbash)$/ },
  registry: { parts: ['model', 'errors'], outside: new RegExp(`^(?!node:(${runsCode})$)`) },
  store: { parts: ['model', 'errors', 'migrations'], outside: /^(better-sqlite3|kysely|node:(crypto|fs|path))$/ },
  migrations: { parts: ['store'], outside: nothing },
  guard: {
    parts: [...nouns, 'engine', 'lockfile', 'select', 'report', 'tarball', 'behavior', 'registry', 'rules/index'],
    outside: new RegExp(`^(?!node:(${runsCode})$)`),
  },
  cli: {
    parts: [...nouns, 'guard', 'report', 'rules/index', 'store', 'cli/serve'],
    outside: /^(?!node:(vm|inspector|repl)$)/,
  },
  // One door may open another: `sluice serve` is how the service is started.
  'cli/serve': {
    parts: [...nouns, 'guard', 'report', 'rules/index', 'store', 'service', 'cli'],
    outside: /^(?!node:(vm|inspector|repl)$)/,
  },
  service: { parts: [...nouns, 'guard', 'report', 'rules/index', 'store'], outside: /./ },
  // Its version is bundled with it.
  action: { parts: [...nouns, 'guard', 'report', 'rules/index', 'package.json'], outside: /^(?!better-sqlite3$)/ },
};

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const code = tracked.filter((path) => /^(src|rules|migrations|test|tools|bench)\/.*\.(ts|js)$/.test(path));
const product = code.filter((path) => /^(src|rules|migrations)\//.test(path));

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
    ['src/engine/judge.ts', "import { type X } from '../registry/packument.ts'"],
    ['src/engine/judge.ts', "export type { X } from '../registry/packument.ts'"],
    ['src/engine/judge.ts', "type X = import('../registry/packument.ts').X"],
    ['src/engine/judge.ts', "const word: 'ä€😀' = f(); let x: typeof import('../registry/packument.ts')"],
    ['src/engine/judge.ts', "import '../registry/packument.ts'"],
    ['src/engine/judge.ts', "require('node:fs')"],
    ['src/engine/judge.ts', "export * from '../cli/main.ts'"],
    ['src/engine/judge.ts', "await import('node:fs')"],
    ['rules/code/this.ts', "import { that } from './that.ts'"],
    ['src/model/fact.ts', "import semver from 'semver'"],
  ])('sees in %s that %s crosses a border', (path, text) => {
    expect(findCrossings(path, text)).toHaveLength(1);
  });

  it.each([
    "import { x } from './explain.ts'",
    "import type { X } from '../model/fact.ts'",
    "const example = `import x from 'node:fs'`",
    "// import('node:fs')",
  ])('sees none in an engine file with %s', (text) => {
    expect(findCrossings('src/engine/judge.ts', text)).toEqual([]);
  });

  it('refuses a name that is computed, because no border can be checked then', () => {
    expect(() => findCrossings('src/engine/judge.ts', "import('node:' + 'fs')")).toThrow('computed');
  });
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
    // The bundle has npm's own configuration in it.
    const own = tracked.filter((path) => !path.startsWith('dist/'));
    expect(own.filter((path) => read(path).includes(host))).toEqual([]);
  });
});

describe('every dependency', () => {
  // Safe: npm could not have installed this repository from a package.json of another shape.
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const page = read('docs/decisions/0000-dependencies.md');
  const [published = '', development = ''] = page.split('## For development');

  it.each([
    ['dependencies', published],
    ['devDependencies', development],
  ])('of %s has a line that says what it is for, and no other has', (field, text) => {
    const explained = [...text.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name);
    expect(explained).toEqual(Object.keys(manifest[field] ?? {}).sort());
    expect(explained.length).toBeGreaterThan(5);
  });

  it('is pinned to one version', () => {
    const versions = Object.values({ ...manifest['dependencies'], ...manifest['devDependencies'] });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('that is published needs no install script', () => {
    // Safe: as above; npm wrote the lockfile.
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
    const published = Object.entries(packages).filter(
      ([, { dev, devOptional }]) => dev !== true && devOptional !== true,
    );
    expect(published.length).toBeGreaterThan(20);
    expect(published.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** `src/engine/judge.ts` is of `engine`, `src/rule.ts` of `rule`, `rules/code/x.ts` of `rules`. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  if (path === 'rules/index.ts') return 'rules/index';
  if (/^src\/cli\/(?:serve|reassess)\.ts$/.test(path)) return 'cli/serve';
  return top === 'src' ? second.replace(/\.ts$/, '') : top;
}

function findCrossings(path: string, text: string = read(path)): string[] {
  const border = borders[partOf(path)];
  return findImports(text)
    .filter((specifier) => border === undefined || !isAllowed(border, path, specifier))
    .map((specifier) => `${path} imports ${specifier}`);
}

function isAllowed(border: Border, path: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return border.outside.test(specifier);
  const target = partOf(posix.join(posix.dirname(path), specifier));
  return border.parts.includes(target) || (target === partOf(path) && border.alone === undefined);
}
