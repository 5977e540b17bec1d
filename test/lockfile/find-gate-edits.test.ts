import { describe, expect, it } from 'vitest';
import { findGateEdits } from '../../src/lockfile/find-gate-edits.ts';

type Texts = Readonly<Record<string, string>>;

/** `npmrc .npmrc:2 added ignore-scripts=false`. */
function tell(before: Texts, after: Texts): readonly string[] {
  const edits = findGateEdits(new Map(Object.entries(before)), new Map(Object.entries(after)));
  return edits.map(({ gate, path, line, what }) => `${gate} ${path}${line === undefined ? '' : `:${line}`} ${what}`);
}

function json(document: unknown): string {
  return JSON.stringify(document, undefined, 2);
}

describe('the policy', () => {
  const policy = { cooldownDays: 3, rules: { 'too-young': 'block' } };

  it('is edited key by key', () => {
    const after = { cooldownDays: 0, rules: {}, require: ['tested'] };
    expect(tell({ 'web/sluice.json': json(policy) }, { 'web/sluice.json': json(after) })).toEqual([
      'policy web/sluice.json:2 changed cooldownDays from 3 to 0',
      'policy web/sluice.json:3 removed rules.too-young, which was "block"',
      'policy web/sluice.json:4 added require: ["tested"]',
    ]);
  });

  it('is added or removed', () => {
    expect(tell({}, { 'sluice.json': '{}' })).toEqual(['policy sluice.json:1 added the file']);
    expect(tell({ 'sluice.json': '{}' }, {})).toEqual(['policy sluice.json removed the file']);
  });

  it('may be laid out anew', () => {
    expect(tell({ 'sluice.json': json(policy) }, { 'sluice.json': JSON.stringify(policy) })).toEqual([]);
  });

  it('is seen to be edited where it is no JSON', () => {
    expect(tell({ 'sluice.json': '{}' }, { 'sluice.json': '{' })).toEqual([
      'policy sluice.json:1 edited; it cannot be compared key by key',
    ]);
  });
});

describe('a workflow', () => {
  const path = '.github/workflows/gate.yml';
  const before = 'on: pull_request\njobs:\n  - run: npx sluice ci\n  - run: npm ci\n';

  it('that runs the gate is edited line by line, comments apart', () => {
    const after = '# a comment\non: push\njobs:\n  - run: npm ci\n';
    expect(tell({ [path]: before }, { [path]: after })).toEqual([
      `workflow ${path}:2 changed on: pull_request to on: push`,
      `workflow ${path} removed - run: npx sluice ci`,
    ]);
    expect(tell({ [path]: before }, { [path]: `# a comment\n\n${before}` })).toEqual([]);
  });

  it('that runs it later than before is edited', () => {
    const after = 'on: pull_request\njobs:\n  - run: npm ci\n  - run: npx sluice ci\n';
    expect(tell({ [path]: before }, { [path]: after })).toEqual([`workflow ${path}:3 moved - run: npm ci`]);
  });

  it('that does something else is no gate', () => {
    expect(tell({ [path]: 'on: push\n' }, { [path]: 'on: pull_request\n' })).toEqual([]);
  });
});

describe('.npmrc', () => {
  it('is edited setting by setting', () => {
    const [before, after] = ['; ours\nignore-scripts=true\nfund=false\n', 'ignore-scripts=false\naudit=false\n'];
    expect(tell({ '.npmrc': before }, { '.npmrc': after })).toEqual([
      'npmrc .npmrc:1 changed ignore-scripts=true to ignore-scripts=false',
      'npmrc .npmrc:2 added audit=false',
      'npmrc .npmrc removed fund=false',
    ]);
  });

  it('keeps its secrets', () => {
    const after = '//registry.example/:_authToken=npm_secret\nproxy=http://me:hidden@proxy.example\n_password = "x"\n';
    const told = tell({ '.npmrc': '' }, { '.npmrc': after }).join('\n');
    expect(told).toContain('added //registry.example/:_authToken=…');
    expect(told).not.toMatch(/npm_secret|hidden|"x"/);
  });
});

describe('package.json', () => {
  it('is a gate by its lists of who may run, and by who installs', () => {
    const before = {
      name: 'app',
      scripts: { test: 'a' },
      allowScripts: { a: true, b: false },
      packageManager: 'npm@11',
    };
    const after = {
      name: 'b',
      scripts: {},
      allowScripts: { b: true, 'c@1.0.0': true },
      pnpm: { overrides: { x: '1' } },
    };
    expect(tell({ 'package.json': json(before) }, { 'package.json': json(after) })).toEqual([
      'allow-scripts package.json:5 changed allowScripts.b from false to true',
      'allow-scripts package.json:6 added allowScripts.c@1.0.0: true',
      'allow-scripts package.json:4 removed allowScripts.a, which was true',
      'package-manager package.json removed packageManager, which was "npm@11"',
      'package-manager package.json:8 added pnpm: {"overrides":{"x":"1"}}',
    ]);
  });

  it('is none in what else it says', () => {
    const [before, after] = [{ dependencies: { a: '1' } }, { dependencies: { a: '2' }, scripts: { x: 'y' } }];
    expect(tell({ 'package.json': json(before) }, { 'package.json': json(after) })).toEqual([]);
  });
});

describe('the gates of other package managers', () => {
  it("are pnpm's settings, not its list of packages", () => {
    const before = 'packages:\n  - web\nminimumReleaseAge: 1440\nonlyBuiltDependencies:\n  - a\n';
    const after = 'packages:\n  - web\n  - api\nminimumReleaseAge: 0\nonlyBuiltDependencies:\n  - a\n  - b\n';
    expect(tell({ 'pnpm-workspace.yaml': before }, { 'pnpm-workspace.yaml': after })).toEqual([
      'package-manager pnpm-workspace.yaml:4 changed minimumReleaseAge: 1440 to minimumReleaseAge: 0',
      'package-manager pnpm-workspace.yaml:7 added - b',
    ]);
  });

  it.each(['.yarnrc.yml', 'bunfig.toml', '.npm-extension.mjs'])('include %s', (path) => {
    expect(tell({ [path]: 'a: 1\n' }, { [path]: 'a: 2\n' })).toEqual([
      `package-manager ${path}:1 changed a: 1 to a: 2`,
    ]);
  });
});

describe('many edits', () => {
  it('are summed up', () => {
    const after = Array.from({ length: 30 }, (_, index) => `key${index}=1`).join('\n');
    const told = tell({ '.npmrc': '' }, { '.npmrc': after });
    expect(told).toHaveLength(10);
    expect(told.at(-1)).toBe('npmrc .npmrc:10 21 more edits');
  });
});
