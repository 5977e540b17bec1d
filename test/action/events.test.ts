import { describe, expect, test } from 'vitest';
import { pullRequest, type Stage, useBundle, version } from './run-bundle.ts';

const setStage = useBundle();

const packages = {
  plain: {
    versions: { '1.0.0': version('exports.one = 1;\n', 1), '1.0.2': version('for (;;) {}\n', 30) },
  },
};
const nobody = '0'.repeat(40);

/** As GitHub describes its own bot. */
const dependabot = {
  action: 'opened',
  number: 7,
  sender: { login: 'dependabot[bot]', id: 49699333, type: 'Bot' },
  repository: { full_name: 'octo/app', default_branch: 'main', private: true },
};

async function sabotage(): Promise<Stage & { readonly base: string; readonly head: string }> {
  const stage = await setStage(packages);
  const base = stage.github.commit(await stage.project({ plain: '1.0.0' }));
  const head = stage.github.commit(await stage.project({ plain: '1.0.2' }), base);
  return { ...stage, base, head };
}

describe('the event', () => {
  test.each<[string, (commits: { base: string; head: string }) => readonly [string, unknown]]>([
    ['of a fork, with a token that may only read', ({ base, head }) => ['pull_request', pullRequest(base, head)]],
    [
      'of Dependabot, whose token may only read and who has no secrets',
      ({ base, head }) => ['pull_request', { ...dependabot, ...pullRequest(base, head) }],
    ],
    ['pull_request_target', ({ base, head }) => ['pull_request_target', pullRequest(base, head)]],
    ['merge_group', ({ base, head }) => ['merge_group', { merge_group: { base_sha: base, head_sha: head } }]],
    ['push', ({ base, head }) => ['push', { ref: 'refs/heads/main', before: base, after: head }]],
    [
      'push of a new branch',
      ({ base, head }) => [
        'push',
        { ref: 'refs/heads/more', before: nobody, after: head, repository: { default_branch: base } },
      ],
    ],
  ])('%s is judged, and the job fails on block', async (_, tell) => {
    const { github, run, ...commits } = await sabotage();
    github.fail('POST /repos', { status: 403, message: 'Resource not accessible by integration' });
    const { exit, summary, outputs } = await run(...tell(commits));
    expect(summary).toContain('endless-loop-at-load');
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 1, result: 'block' });
  });

  test('workflow_run of a fork, which lists no pull request, finds it by its head and comments there', async () => {
    const { github, run, base, head } = await sabotage();
    github.pulls.push({ number: 5, head: base, base }, { number: 7, head, base });
    const payload = { workflow_run: { event: 'pull_request', head_sha: head, pull_requests: [] } };
    const { exit } = await run('workflow_run', payload);
    expect({ exit, comments: github.comments.length }).toEqual({ exit: 1, comments: 1 });
  });

  test('workflow_run of a pull request that went on since says so', async () => {
    const { github, run, base, head } = await sabotage();
    github.pulls.push({ number: 7, head: base, base });
    const payload = { workflow_run: { event: 'pull_request', head_sha: head, pull_requests: [] } };
    const { summary } = await run('workflow_run', payload);
    expect(summary).toContain(`No open pull request has ${head.slice(0, 7)} as its head`);
  });

  test('push that deletes a branch leaves nothing to judge', async () => {
    const { run, base } = await sabotage();
    const { exit, summary } = await run('push', { ref: 'refs/heads/more', before: base, after: nobody });
    expect({ exit, summary }).toEqual({ exit: 0, summary: expect.stringContaining('The branch was deleted') });
  });

  test('that Sluice does not know, or that names no commit, is an error with a sentence', async () => {
    const { run } = await sabotage();
    const unknown = await run('issues', {});
    const empty = await run('pull_request', {});
    expect([unknown.exit, unknown.summary]).toEqual([
      2,
      expect.stringContaining('what to compare on the event issues'),
    ]);
    expect([empty.exit, empty.summary]).toEqual([2, expect.stringContaining('no commit at')]);
  });
});

describe('the inputs', () => {
  test('base and head take the place of what the event says', async () => {
    const { run, base, head } = await sabotage();
    const { exit } = await run('workflow_dispatch', {}, { base, head });
    expect(exit).toBe(1);
  });

  test('head alone has the whole tree judged', async () => {
    const { run, head } = await sabotage();
    const { exit, summary } = await run('schedule', {}, { head });
    expect({ exit, summary }).toEqual({ exit: 1, summary: expect.stringContaining('the whole tree') });
  });

  test.each([
    ['fail-on', 'blok'],
    ['comment', 'sometimes'],
    ['strict', 'yes'],
    ['token', ''],
  ])('%s: %j is refused with a sentence', async (name, value) => {
    const { run, base, head } = await sabotage();
    const { exit, summary } = await run('pull_request', pullRequest(base, head), { [name]: value });
    expect({ exit, summary }).toEqual({ exit: 2, summary: expect.stringContaining(`The input \\\`${name}\\\``) });
  });

  test('fail-on decides what fails the job, never what the result is', async () => {
    const { run, base, head } = await sabotage();
    const { exit, outputs } = await run('pull_request', pullRequest(base, head), { 'fail-on': 'undecided' });
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 0, result: 'block' });
  });
});
