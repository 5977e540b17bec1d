import { describe, expect, it } from 'vitest';
import { query, readRows } from '../../src/store/query.ts';
import { release } from '../cli/make-project.ts';
import { startTestService } from './start-service.ts';

const loop = 'for (;;) {}\n';
const packages = Object.fromEntries(
  ['first', 'second', 'third', 'plain'].map((name) => [
    name,
    {
      versions: {
        '1.0.0': release('exports.one = 1;\n', { day: 1 }),
        '1.1.0': release(name === 'plain' ? 'exports.one = 2;\n' : loop, { day: 61 }),
      },
    },
  ]),
);
const rule = 'endless-loop-at-load';
const patient = { prefer: 'wait=30' };

async function start() {
  const test = await startTestService({ registryOptions: { packages } });
  const judge = async (name: string) =>
    (await test.ask({ url: `/v1/verdicts?purl=pkg:npm/${name}@1.1.0&from=1.0.0`, headers: patient })).json;
  const list = async (parameters: string) => (await test.ask(`/v1/findings?${parameters}`)).json;
  return { ...test, judge, list };
}

describe('GET /v1/findings', () => {
  it('tells in which stored verdicts a rule found something, and nothing of the others', async () => {
    const { judge, list } = await start();
    expect(await list(`rule=${rule}`)).toEqual({ findings: [], next: null });
    await judge('plain');
    const verdict = await judge('first');
    const found = { rule, level: 'block', purl: 'pkg:npm/first@1.1.0', verdict: verdict.id, foundAt: verdict.asOf };
    expect(await list(`rule=${rule}`)).toEqual({ findings: [found], next: null });
    expect(await list(`rule=${rule}&level=block`)).toEqual({ findings: [found], next: null });
    expect(await list(`rule=${rule}&level=notice`)).toEqual({ findings: [], next: null });
    expect(await list('rule=typosquat')).toEqual({ findings: [], next: null });
  });

  it('has every finding of a verdict, and none twice, though it is stored again', async () => {
    let day = 2;
    const test = await startTestService({
      registryOptions: { packages },
      now: () => new Date(`2030-01-0${day}T12:00:00Z`),
    });
    const ask = async () =>
      (await test.ask({ url: '/v1/verdicts?purl=pkg:npm/first@1.1.0&from=1.0.0', headers: patient })).json;
    const verdict = await ask();
    day = 3;
    expect((await ask()).asOf).not.toBe(verdict.asOf);
    const stored = await readRows(
      test.service.database,
      query.selectFrom('findings').select(['rule', 'level', 'verdict_id', 'found_at']),
    );
    const told: { rule: string; level: string }[] = verdict.findings;
    const expected = new Set(told.map((finding) => `${finding.rule} ${finding.level}`));
    expect(stored.map((row) => `${row.rule} ${row.level}`).toSorted()).toEqual([...expected].toSorted());
    expect(new Set(stored.map((row) => `${row.verdict_id} ${row.found_at}`))).toEqual(
      new Set([`${verdict.id} ${verdict.asOf}`]),
    );
  });

  it('comes in pages, newest first', async () => {
    const { judge, list } = await start();
    for (const name of ['first', 'second', 'third']) await judge(name);
    const purls: string[] = [];
    let page = await list(`rule=${rule}&limit=2`);
    expect(page.findings).toHaveLength(2);
    for (; ; page = await list(`rule=${rule}&limit=2&cursor=${page.next}`)) {
      purls.push(...page.findings.map(({ purl }: { purl: string }) => purl));
      if (page.next === null) break;
    }
    expect(purls).toEqual(['third', 'second', 'first'].map((name) => `pkg:npm/${name}@1.1.0`));
  });

  it.each([
    ['a rule that does not exist', 'rule=endless-loop', 'There is no rule called "endless-loop"'],
    ['a rule on lockfiles', 'rule=integrity-missing', 'integrity-missing is about lockfiles'],
    ['no rule', 'level=block', 'rule'],
    ['a level that does not exist', `rule=${rule}&level=red`, 'level'],
    ['too long a page', `rule=${rule}&limit=501`, 'limit'],
    ['a cursor that is none', `rule=${rule}&cursor=1`, 'cursor'],
  ])('is refused with %s', async (_, parameters, why) => {
    const { type, detail } = await (await start()).list(parameters);
    expect(type).toBe('urn:sluice:problem:request-invalid');
    expect(detail).toContain(why);
  });
});
