/** The linter refuses what crosses a border, with our own sentence: it is run on one bad file for each line of the table. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface BorderLine {
  readonly path: string;
  readonly forbidden: string;
  readonly allowed: string | undefined;
  /** Where the linter's own sentence begins. */
  readonly sentence: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

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
    {
      path: 'src/action/native.ts',
      forbidden: 'better-sqlite3',
      allowed: '../guard.ts',
      sentence: 'action/ may import guard',
    },
    {
      path: 'migrations/probe.ts',
      forbidden: '../src/store/sqlite.ts',
      allowed: '../src/store/migration.ts',
      sentence: 'A migration is a value',
    },
  ];
  const purity: readonly (readonly [path: string, text: string, sentence: string])[] = [
    ['rules/code/clock.ts', 'export const now = Date.now();', 'Time and chance come in as values'],
    ['src/engine/clock.ts', 'export const now = new Date();', 'Time and chance come in as values'],
    ['src/report/chance.ts', 'export const chance = Math.random();', 'Time and chance come in as values'],
    ['rules/code/later.ts', 'export const later = async () => 1;', 'A rule is synchronous'],
    ['src/engine/talks.ts', "console.log('x');", 'console'],
    ['src/registry/dev.ts', "export { it } from 'vitest';", "Dependency vitest isn't specified"],
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
    spoken = lint(folder, ['src', 'rules', 'migrations']);
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
    const refused = lint(trees, ['src', 'rules', 'migrations']);
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
