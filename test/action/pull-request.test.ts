import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { githubToken } from '../support/github.ts';
import { pullRequest, type Stage, useBundle, version } from './run-bundle.ts';

const setStage = useBundle();

const packages = {
  plain: {
    versions: {
      '1.0.0': version('exports.one = 1;\n', 1),
      '1.0.1': version('exports.one = 2;\n', 20),
      '1.0.2': version('for (;;) {}\n', 30),
    },
  },
};

describe('a pull request', () => {
  test('that touches no lockfile ends at once, without asking the registry', async () => {
    const { github, registry, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const asked = registry.requests.length;
    const head = github.commit({ 'readme.md': 'more' }, base);
    const { exit, summary, outputs } = await run('pull_request', pullRequest(base, head));
    expect(summary).toContain('nothing to judge. No lockfile changed');
    expect(outputs).toMatchObject({ result: 'allow', findings: '0' });
    expect({ exit, asked: registry.requests.length - asked }).toEqual({ exit: 0, asked: 0 });
  });

  test('with an ordinary update passes, and writes no comment', async () => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const head = github.commit(await project({ plain: '1.0.1' }), base);
    const { exit, summary, outputs } = await run('pull_request', pullRequest(base, head));
    expect(summary).toMatch(/^### Sluice: allow\. 1 package changed \(1 direct\)/);
    expect(outputs['verdict-id']).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect({ exit, comments: github.comments }).toEqual({ exit: 0, comments: [] });
  });

  test('with sabotage fails, and says so at the line of the lockfile, in the summary, a comment and the outputs', async () => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const files = await project({ plain: '1.0.2' });
    const head = github.commit(files, base);
    const { exit, stdout, summary, outputs } = await run('pull_request', pullRequest(base, head), {
      sarif: 'sluice.sarif',
    });
    const line =
      (files['package-lock.json'] ?? '').split('\n').findIndex((text) => text.includes('node_modules/plain')) + 1;
    expect(stdout).toContain(
      `::error file=package-lock.json,line=${line},title=Sluice%3A endless-loop-at-load::plain 1.0.0 → 1.0.2`,
    );
    expect(summary).toMatch(/^### Sluice: block\./);
    expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual([summary.split('\n')[0]]);
    expect(outputs).toMatchObject({ result: 'block', 'report-path': expect.stringContaining('sluice-report.json') });
    expect(JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8'))).toMatchObject([
      { result: 'block', lockfile: 'package-lock.json' },
    ]);
    const sarif = JSON.parse(readFileSync(outputs['sarif-path'] ?? '', 'utf8'));
    expect(sarif.runs[0].results[0].ruleId).toBe('endless-loop-at-load');
    expect(exit).toBe(1);
  });

  test('is compared with the place where it left the base, not with what came to the base since', async () => {
    const { github, project, run } = await setStage(packages);
    const parted = github.commit(await project({ plain: '1.0.0' }));
    const base = github.commit(await project({ plain: '1.0.2' }), parted);
    const head = github.commit({ 'readme.md': 'more' }, parted);
    const { exit, summary } = await run('pull_request', pullRequest(base, head));
    expect({ exit, summary }).toEqual({ exit: 0, summary: expect.stringContaining('nothing to judge') });
  });

  test('does not bring its own policy, and is told to have tried', async () => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const policy = '{ "rules": { "endless-loop-at-load": "off", "gate-edited": "off" } }';
    const head = github.commit({ ...(await project({ plain: '1.0.2' })), 'sluice.json': policy }, base);
    const { exit, summary } = await run('pull_request', pullRequest(base, head));
    expect(summary).toContain('endless-loop-at-load');
    expect(summary).toContain('gate-edited');
    expect(exit).toBe(1);
  });

  test('does not choose the registry that its packages are looked up in', async () => {
    const { github, registry, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const head = github.commit(
      { ...(await project({ plain: '1.0.1' })), '.npmrc': 'registry=http://127.0.0.1:9/\n' },
      base,
    );
    const asked = registry.requests.length;
    const { outputs } = await run('pull_request', pullRequest(base, head));
    expect(registry.requests.length).toBeGreaterThan(asked);
    expect(outputs['result']).toBe('review');
  });

  describe('on which a person has to look', () => {
    const policy = '{ "rules": { "endless-loop-at-load": "review" } }';
    const look = async (): Promise<Stage & { readonly base: string; readonly head: string }> => {
      const stage = await setStage(packages);
      const base = stage.github.commit({ ...(await stage.project({ plain: '1.0.0' })), 'sluice.json': policy });
      return { ...stage, base, head: stage.github.commit(await stage.project({ plain: '1.0.2' }), base) };
    };

    test('passes, and gets a check that is neither green nor red, where the token may write it', async () => {
      const { github, run, base, head } = await look();
      const { exit, outputs } = await run('pull_request', pullRequest(base, head));
      expect({ exit, result: outputs['result'] }).toEqual({ exit: 0, result: 'review' });
      expect(github.checks).toMatchObject([
        { head_sha: head, conclusion: 'neutral', output: { summary: expect.stringContaining('endless-loop-at-load') } },
      ]);
    });

    test('is judged without a word about the check where the token may not write it', async () => {
      const { github, run, base, head } = await look();
      github.fail('POST /repos/octo/app/check-runs', { status: 403 });
      const { exit, stdout } = await run('pull_request', pullRequest(base, head));
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.not.stringContaining('neutral') });
    });

    test('fails, with the job’s own check alone, where review fails it', async () => {
      const { github, run, base, head } = await look();
      const { exit } = await run('pull_request', pullRequest(base, head), { strict: 'true' });
      expect({ exit, checks: github.checks }).toEqual({ exit: 1, checks: [] });
    });
  });

  test('obeys the policy of the base', async () => {
    const { github, project, run } = await setStage(packages);
    const policy = '{ "rules": { "endless-loop-at-load": "notice" } }';
    const base = github.commit({ ...(await project({ plain: '1.0.0' })), 'gate/own.json': policy });
    const head = github.commit(await project({ plain: '1.0.2' }), base);
    const event = pullRequest(base, head);
    const { exit, stdout } = await run('pull_request', event, { 'policy-path': 'gate/own.json' });
    expect(stdout).toContain('Sluice: review');
    expect(stdout).not.toContain('endless-loop-at-load');
    const absent = await run('pull_request', event, { 'policy-path': 'gate/other.json' });
    expect({ exit, absent: absent.exit, summary: absent.summary }).toEqual({
      exit: 0,
      absent: 2,
      summary: expect.stringContaining('which commit'),
    });
  });

  test('has all its lockfiles judged, the worst told first', async () => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit({
      ...(await project({ plain: '1.0.0' })),
      ...(await project({ plain: '1.0.0' }, 'site/')),
    });
    const head = github.commit(
      { ...(await project({ plain: '1.0.1' })), ...(await project({ plain: '1.0.2' }, 'site/')) },
      base,
    );
    const { exit, summary, outputs } = await run('pull_request', pullRequest(base, head));
    expect(summary.match(/^### Sluice: \w+/gm)).toEqual(['### Sluice: block', '### Sluice: allow']);
    expect(JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8'))).toHaveLength(2);
    expect(exit).toBe(1);
    const one = await run('pull_request', pullRequest(base, head), { lockfiles: 'package-lock.json' });
    expect({ exit: one.exit, result: one.outputs['result'] }).toEqual({ exit: 0, result: 'allow' });
  });

  test.each([
    ['in conflict', { 'package-lock.json': '{\n<<<<<<< ours\n' }, 2, 'not judged'],
    ['of another package manager', { 'yarn.lock': '# yarn' }, 3, 'not judged'],
    ['that is a link', { 'site/package.json': '{}', 'site/package-lock.json': '-> ../hidden.json' }, 3, 'is a link'],
    ['that is taken away', { 'package-lock.json': undefined }, 1, 'block'],
  ])('with a lockfile %s is not green', async (...[, changes, status, words]) => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const head = github.commit(changes, base);
    const { exit, summary, stdout } = await run('pull_request', pullRequest(base, head));
    expect({ exit, summary }).toEqual({ exit: status, summary: expect.stringContaining(words) });
    expect(stdout).toMatch(/^::error /m);
  });

  test('whose base has no lockfile has every package looked at', async () => {
    const { github, project, run } = await setStage(packages);
    const { '.npmrc': npmrc, ...files } = await project({ plain: '1.0.2' });
    const base = github.commit({ '.npmrc': npmrc });
    const { exit, summary } = await run('pull_request', pullRequest(base, github.commit(files, base)));
    expect({ exit, summary }).toEqual({ exit: 1, summary: expect.stringContaining('endless-loop-at-load') });
  });

  test('with a lockfile in another folder is compared with what it was there', async () => {
    const { github, project, run } = await setStage(packages);
    const files = await project({ plain: '1.0.0' });
    const base = github.commit(files);
    const gone = { 'package.json': undefined, 'package-lock.json': undefined };
    const moved = { 'app/package.json': files['package.json'], 'app/package-lock.json': files['package-lock.json'] };
    const { exit, summary } = await run('pull_request', pullRequest(base, github.commit({ ...gone, ...moved }, base)));
    expect({ exit, summary }).toEqual({
      exit: 0,
      summary: expect.stringContaining('no package changed, 1 as they were'),
    });
  });

  test('is undecided where the registry does not answer, and then fails', async () => {
    const { github, registry, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const head = github.commit(await project({ plain: '1.0.1' }), base);
    registry.fail('plain', { kind: 'status', status: 503 });
    const { exit, outputs, stdout } = await run('pull_request', pullRequest(base, head));
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 3, result: 'undecided' });
    expect(stdout).toMatch(/^::error .*undecided/m);
  });

  test('in a repository with more files than one answer lists is judged all the same', async () => {
    const { github, project, run } = await setStage(packages);
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`docs/${at}.md`, `page ${at}`]));
    const base = github.commit({ ...many, ...(await project({ plain: '1.0.0' }, 'apps/site/')) });
    const head = github.commit(await project({ plain: '1.0.2' }, 'apps/site/'), base);
    github.limits.maxTreeEntries = 2;
    const { exit, summary } = await run('pull_request', pullRequest(base, head));
    expect({ exit, summary }).toEqual({ exit: 1, summary: expect.stringContaining('apps/site/package-lock.json') });
  });

  test('with a lockfile over 1 MB is judged as any other', async () => {
    const { github, project, run } = await setStage(packages);
    const padded = async (to: string): Promise<Readonly<Record<string, string>>> => {
      const files = await project({ plain: to });
      return { ...files, 'package-lock.json': `${files['package-lock.json']}${' '.repeat(1_200_000)}\n` };
    };
    const base = github.commit(await padded('1.0.0'));
    const { outputs } = await run('pull_request', pullRequest(base, github.commit(await padded('1.0.2'), base)));
    expect(outputs['result']).toBe('block');
  });

  test('shows the token nowhere', async () => {
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const head = github.commit({ ...(await project({ plain: '1.0.2' })), 'sluice.json': githubToken }, base);
    const { stdout, summary, outputs } = await run('pull_request', pullRequest(base, head), { comment: 'always' });
    const report = readFileSync(outputs['report-path'] ?? '', 'utf8');
    expect([stdout, summary, report, ...github.comments.map(({ body }) => body)].join('')).not.toContain(githubToken);
    expect(summary).toContain('block');
  });
});
