import { describe, expect, it } from 'vitest';
import { release } from '../cli/make-project.ts';
import { startTestService } from './start-service.ts';

const packages = {
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.2.0': release('for (;;) {}\n', { day: 61 }),
    },
  },
  other: { versions: { '1.0.0': release('exports.one = 1;\n', { day: 1 }) } },
};
const update = { url: '/v1/verdicts?purl=pkg:npm/core@1.2.0&from=1.0.0', headers: { prefer: 'wait=30' } };
const purl = 'pkg:npm/core@1.2.0';
const wish = {
  purl,
  rule: 'endless-loop-at-load',
  reason: 'It is a server that loops on purpose.',
  expires: '2999-12-31',
};

async function start() {
  const test = await startTestService({ registryOptions: { packages } });
  const approve = (payload: object, headers = {}) =>
    test.ask({ method: 'POST', url: '/v1/approvals', payload, headers });
  return { ...test, approve };
}

describe('an approval', () => {
  it('lets one tarball pass one rule, and the next verdict shows who gave it', async () => {
    const { ask, approve } = await start();
    const other = await ask({ url: '/v1/verdicts?purl=pkg:npm/other@1.0.0', headers: update.headers });
    const before = await ask(update);
    expect(before.json.result).toBe('block');
    const given = await approve(wish);
    expect(given).toMatchObject({
      status: 201,
      json: { integrity: before.json.subject.integrity.to, by: 'this machine' },
    });
    const after = await ask(update);
    const found: { rule: string; exemption: unknown }[] = after.json.findings;
    expect(found.find(({ rule }) => rule === wish.rule)?.exemption).toMatchObject({
      reason: wish.reason,
      by: 'this machine',
    });
    expect(after.json.id).not.toBe(before.json.id);
    expect((await ask('/v1/verdicts?purl=pkg:npm/other@1.0.0')).json.id).toBe(other.json.id);
  });

  it('that is taken back counts no more, and the old verdict holds again', async () => {
    const { ask, approve } = await start();
    const before = await ask(update);
    const { json, headers } = await approve(wish);
    expect((await ask('/v1/approvals')).json).toEqual({ approvals: [json], next: null });
    expect(await ask({ method: 'DELETE', url: String(headers['location']) })).toMatchObject({ status: 204, text: '' });
    expect((await ask(update)).json).toEqual(before.json);
    expect((await ask('/v1/approvals')).json.approvals).toEqual([]);
    expect((await ask({ method: 'DELETE', url: String(headers['location']) })).status).toBe(404);
  });

  it('for another tarball of the same version changes nothing', async () => {
    const { ask, approve } = await start();
    await approve({ ...wish, integrity: `sha512-${'A'.repeat(86)}==` });
    expect((await ask(update)).json.result).toBe('block');
  });

  it('sent twice with one key is given once', async () => {
    const { ask, approve } = await start();
    await ask(update);
    const first = await approve(wish, { 'idempotency-key': 'k' });
    expect((await approve(wish, { 'idempotency-key': 'k' })).json).toEqual(first.json);
    expect((await ask('/v1/approvals')).json.approvals).toHaveLength(1);
  });

  it('is listed in pages, newest first', async () => {
    const { ask, approve } = await start();
    await ask(update);
    const given: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) given.unshift((await approve({ ...wish, reason: `turn ${turn}` })).json.id);
    const listed: string[] = [];
    let next = '/v1/approvals?limit=2&name=core';
    for (let pages = 0; pages < 5 && next !== ''; pages += 1) {
      const { json } = await ask(next);
      listed.push(...json.approvals.map(({ id }: { id: string }) => id));
      next = json.next === null ? '' : `/v1/approvals?limit=2&name=core&cursor=${json.next}`;
    }
    expect(listed).toEqual(given);
    expect((await ask('/v1/approvals?name=other')).json.approvals).toEqual([]);
  });

  it.each([
    ['a rule that does not exist', { ...wish, rule: 'endless-loop' }, 'rule'],
    ['no reason', { ...wish, reason: '  ' }, 'reason'],
    ['a day that is over', { ...wish, expires: '2001-01-01' }, 'over already'],
    ['a day that does not exist', { ...wish, expires: '2999-02-30' }, 'no day that exists'],
    ['a tarball that nobody judged', { ...wish, purl: 'pkg:npm/other@1.0.0' }, 'no verdict on it is stored'],
    ['a range', { ...wish, purl: 'pkg:npm/core@^1' }, 'exact version'],
    ['somebody else as its giver', { ...wish, by: 'the boss' }, 'additional'],
  ])('is refused with %s', async (_, payload, why) => {
    const { ask, approve } = await start();
    await ask(update);
    const { status, json } = await approve(payload);
    expect({ status, type: json.type }).toEqual({ status: 400, type: 'urn:sluice:problem:request-invalid' });
    expect(json.detail).toContain(why);
  });
});
