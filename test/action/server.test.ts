import { expect, test } from 'vitest';
import { makeSite } from '../service/run-service.ts';
import { pullRequest, useBundle, version } from './run-bundle.ts';

const setStage = useBundle();

const packages = {
  plain: { versions: { '1.0.0': version('exports.one = 1;\n', 1), '1.0.2': version('for (;;) {}\n', 30) } },
};

test('a verdict API that is named judges in place of the Action, and says the same', async () => {
  const { github, registry, project, run } = await setStage(packages);
  const { url } = await (await makeSite(registry.url)).serve();
  const base = github.commit(await project({ plain: '1.0.0' }));
  const event = pullRequest(base, github.commit(await project({ plain: '1.0.2' }), base));
  const alone = await run('pull_request', event);
  const [comment] = github.comments.map(({ body }) => body);
  const asked = await run('pull_request', event, { 'server-url': url });
  expect(asked.exit).toBe(1);
  expect(asked.outputs).toMatchObject({ result: 'block', 'verdict-id': alone.outputs['verdict-id'] });
  expect({ summary: asked.summary, stdout: asked.stdout }).toEqual({ summary: alone.summary, stdout: alone.stdout });
  expect(github.comments.map(({ body }) => body)).toEqual([comment]);
});

test.each([
  ['that nobody answers at', { 'server-url': 'http://127.0.0.1:9' }, 3, '127.0.0.1:9 did not answer'],
  ['that is none', { 'server-url': 'sluice' }, 2, 'must be an http or https URL'],
  [
    'with a token that would go in the clear',
    { 'server-url': 'http://a.invalid', 'server-token': 'x' },
    2,
    'in the clear',
  ],
  ['that has only a token', { 'server-token': 'secretOfTheApi' }, 2, 'without `server-url`'],
])('an API %s is an error, never green', async (...[, inputs, status, words]) => {
  const { github, project, run } = await setStage(packages);
  const base = github.commit(await project({ plain: '1.0.0' }));
  const head = github.commit(await project({ plain: '1.0.2' }), base);
  const { exit, stdout, summary } = await run('pull_request', pullRequest(base, head), inputs);
  expect({ exit, stdout }).toEqual({ exit: status, stdout: expect.stringContaining(words) });
  expect(`${stdout}${summary}`).not.toContain('secretOfTheApi');
});
