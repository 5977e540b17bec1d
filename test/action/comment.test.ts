import { describe, expect, test } from 'vitest';
import { pullRequest, type Stage, useBundle, version } from './run-bundle.ts';

const setStage = useBundle();
const marker = '<!-- sluice:check -->';

const packages = {
  plain: {
    versions: {
      '1.0.0': version('exports.one = 1;\n', 1),
      '1.0.1': version('exports.one = 2;\n', 20),
      '1.0.2': version('for (;;) {}\n', 30),
    },
  },
};

async function update(to: string): Promise<Stage & { readonly event: unknown }> {
  const stage = await setStage(packages);
  const base = stage.github.commit(await stage.project({ plain: '1.0.0' }));
  const head = stage.github.commit(await stage.project({ plain: to }), base);
  return { ...stage, event: pullRequest(base, head) };
}

describe('the comment', () => {
  test('is one, kept up to date, behind three pages of others', async () => {
    const { github, project, run, event } = await update('1.0.2');
    for (let at = 0; at < 305; at++) github.comment('somebody', `comment ${at}`);
    await run('pull_request', event);
    expect(github.comments).toHaveLength(306);
    const base = github.commit(await project({ plain: '1.0.0' }));
    const mended = github.commit(await project({ plain: '1.0.1' }), base);
    await run('pull_request', pullRequest(base, mended));
    expect(github.comments).toHaveLength(306);
    expect(github.comments[305]?.body).toMatch(/^<!-- sluice:check -->\n### Sluice: allow/);
  });

  test('of somebody else with our marker is left alone', async () => {
    const { github, run, event } = await update('1.0.2');
    github.comment('mallory', `${marker}\n### Sluice: allow`);
    await run('pull_request', event);
    expect(github.comments.map(({ user, body }) => [user.login, body.split('\n')[1]?.slice(0, 17)])).toEqual([
      ['mallory', '### Sluice: allow'],
      ['github-actions[bot]', '### Sluice: block'],
    ]);
  });

  test('is written on allow where the workflow says always, and on nothing where it says never', async () => {
    const allowed = await update('1.0.1');
    await allowed.run('pull_request', allowed.event, { comment: 'always' });
    const blocked = await update('1.0.2');
    await blocked.run('pull_request', blocked.event, { comment: 'never' });
    expect([allowed.github.comments.length, blocked.github.comments.length]).toEqual([1, 0]);
  });

  test.each([
    [403, 'Resource not accessible by integration'],
    [404, 'Not Found'],
    [422, 'Validation Failed'],
    [500, 'Server Error'],
  ])('that fails with %i does not decide the job, and is not tried again', async (status, message) => {
    const { github, run, event } = await update('1.0.1');
    github.fail('POST /repos', { status, message });
    const { exit, stdout, outputs } = await run('pull_request', event, { comment: 'always' });
    expect(stdout).toContain(`was not written (HTTP ${status})`);
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 0, result: 'allow' });
    expect(github.requests.filter((line) => line.startsWith('POST /repos'))).toHaveLength(1);
  });

  test('finds its author without being told who it is, where the token may not ask', async () => {
    const { github, run, event } = await update('1.0.2');
    github.fail('POST /graphql', { status: 403 });
    await run('pull_request', event);
    await run('pull_request', event);
    expect(github.comments).toHaveLength(1);
  });
});

describe('GitHub', () => {
  test('is asked again after a 500', async () => {
    const { github, run, event } = await update('1.0.1');
    github.fail('GET /repos/octo/app/git/trees', { status: 500 }, 1);
    const { exit, outputs } = await run('pull_request', event);
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 0, result: 'allow' });
  });

  test('is waited for when it asks for patience', async () => {
    const { github, run, event } = await update('1.0.1');
    const fault = { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '1' } };
    github.fail('GET /repos/octo/app/git/blobs', fault, 1);
    const { exit, outputs } = await run('pull_request', event);
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 0, result: 'allow' });
  });

  test.each([
    [403, 'Resource not accessible by integration'],
    [404, 'Not Found'],
  ])('that refuses the files with %i is an error with a sentence, never green', async (status, message) => {
    const { github, run, event } = await update('1.0.1');
    github.fail('GET /repos/octo/app/git/trees', { status, message });
    const { exit, stdout, summary, outputs } = await run('pull_request', event);
    expect(summary).toContain(`GitHub did not give the files of commit`);
    expect(stdout).toContain(`(HTTP ${status})`);
    expect(stdout).toContain('contents: read');
    expect({ exit, result: outputs['result'] }).toEqual({ exit: 3, result: 'error' });
  });
});
