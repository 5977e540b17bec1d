/**
 * The service is killed at random moments while it is asked for all it can do: what it said it accepted is there afterwards,
 * and nothing is there by half. A dozen moments here; `npm run faults` tries two hundred.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../src/model/manifest.ts';
import { startLittle } from '../registry/connect.ts';
import { createRandom, type Random } from '../support/random.ts';
import type { LittleRegistry } from '../support/registry.ts';
import { makeSite, type Process } from './run-service.ts';

const kills = Number(process.env['SLUICE_KILLS'] ?? 12);
const seed = 20_220_108;
const versions = Array.from({ length: 12 }, (_, index) => `1.0.${index}`);
const packages = {
  core: {
    versions: Object.fromEntries(
      versions.map((version, index) => [version, { files: { 'index.js': `exports.n = ${index};\n` } }]),
    ),
  },
};

/** What the service told its callers. */
interface Told {
  /** Locations of accepted checks. */
  readonly checks: Set<string>;
  /** Verdicts that were given out, by their ids. */
  readonly verdicts: Map<string, string>;
}

async function writeBodies(little: LittleRegistry): Promise<readonly string[]> {
  const packument = JSON.parse(await (await fetch(`${little.url}core`)).text());
  const project = (version: string) => {
    const manifest = { name: 'app', version: '1.0.0', dependencies: { core: version } };
    const { tarball: resolved, integrity } = packument.versions[version].dist;
    const tree = { '': manifest, 'node_modules/core': { version, resolved, integrity } };
    return {
      lockfile: { path: 'package-lock.json', text: JSON.stringify({ lockfileVersion: 3, packages: tree }) },
      files: { 'package.json': JSON.stringify(manifest) },
    };
  };
  return versions
    .slice(1)
    .map((version) => JSON.stringify({ before: project('1.0.0'), after: project(version) }).slice(1));
}

/** Asks until the service is gone. */
async function load(service: Process, told: Told, { random, bodies }: { random: Random; bodies: readonly string[] }) {
  const askCheck = async (): Promise<void> => {
    const base = JSON.stringify(`${random.below(1_000_000)}`);
    const body = `{"base":${base},${bodies[random.below(bodies.length)] ?? ''}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await service.ask('/v1/checks', { method: 'POST', headers, body });
    if (answer.status === 202) told.checks.add(JSON.parse(await answer.text()).location);
  };
  const askVerdict = async (): Promise<void> => {
    const [from, to] = [random.below(versions.length), random.below(versions.length)];
    const answer = await service.ask(`/v1/verdicts?purl=pkg:npm/core@1.0.${to}&from=1.0.${from}`);
    const text = await answer.text();
    if (answer.status === 200) told.verdicts.set(JSON.parse(text).id, text);
  };
  const caller = async (ask: () => Promise<void>): Promise<void> => {
    for (;;) {
      await ask();
      await sleep(random.below(60));
    }
  };
  await Promise.allSettled([caller(askCheck), caller(askVerdict), caller(askVerdict)]);
}

function inspect(path: string, told: Told): void {
  const driver = new Sqlite(path, { timeout: 5_000 });
  const list = (sql: string) =>
    driver
      .prepare(sql)
      .all({})
      .map((row) => (isRecord(row) ? row : {}));
  expect(driver.pragma('integrity_check', { simple: true })).toBe('ok');
  const checks = new Set(
    list('SELECT checks.id FROM checks JOIN jobs ON jobs.id = checks.id').map(({ id }) => `/v1/checks/${id}`),
  );
  expect([...told.checks].filter((location) => !checks.has(location))).toEqual([]);
  const ids = new Set<unknown>();
  for (const { question, document, checksum, verdict_id: id } of list('SELECT * FROM answers')) {
    ids.add(id);
    expect(JSON.parse(String(document)).id).toBe(id);
    expect(hash('sha256', `${question}\n${document}`)).toBe(checksum);
  }
  expect([...told.verdicts.keys()].filter((id) => !ids.has(id))).toEqual([]);
  const done = list(
    "SELECT checks.document, jobs.problem FROM checks JOIN jobs ON jobs.id = checks.id WHERE jobs.state = 'done'",
  );
  for (const { document, problem } of done) {
    expect(problem).toBeNull();
    expect(['allow', 'review']).toContain(JSON.parse(String(document)).result);
  }
  const begun = list(
    "SELECT id FROM checks WHERE document IS NOT NULL AND id NOT IN (SELECT id FROM jobs WHERE state = 'done')",
  );
  expect(begun).toEqual([]);
  driver.close();
}

describe('a service that is killed while it is asked', () => {
  it(
    `at ${kills} random moments loses nothing that it accepted, and keeps nothing by half`,
    async () => {
      const little = await startLittle({ packages });
      const site = await makeSite(little.url);
      const path = join(site.folder, 'store.db');
      const random = createRandom(seed);
      const told: Told = { checks: new Set(), verdicts: new Map() };
      const work = { random, bodies: await writeBodies(little) };
      for (let kill = 0; kill < kills; kill += 1) {
        const service = await site.serve('--log', 'error');
        const loading = load(service, told, work);
        // Some only once the threads have started and the first answers came: much is written then.
        const known = told.verdicts.size;
        if (kill % 3 === 0) await expect.poll(() => told.verdicts.size, { timeout: 120_000 }).toBeGreaterThan(known);
        await sleep(random.below(800));
        expect(await service.end('SIGKILL')).toBeNull();
        await loading;
        inspect(path, told);
      }
      const last = await site.serve('--log', 'error');
      const states = new Map<string, number>();
      for (const location of told.checks) {
        const answer = await askPatiently(last, location);
        // Who was at work each time it was killed is not tried for ever, and says so.
        const why = answer.state === 'failed' ? answer.problem.type : answer.state;
        states.set(why, (states.get(why) ?? 0) + 1);
      }
      const allowed = ['done', 'urn:sluice:problem:job-crashed'];
      expect([...states.keys()].filter((state) => !allowed.includes(state))).toEqual([]);
      expect(states.get('done')).toBeGreaterThan(told.checks.size / 2);
      expect(told.verdicts.size).toBeGreaterThan(0);
      for (const [id, text] of told.verdicts) {
        const found = await last.ask(`/v1/verdicts/${id}`);
        expect(await found.text()).toBe(text);
      }
      expect(await last.end('SIGTERM')).toBe(0);
      inspect(path, told);
    },
    60_000 + kills * 15_000,
  );
});

async function askPatiently(service: Process, location: string): Promise<ReturnType<typeof JSON.parse>> {
  for (;;) {
    const answer = await service.ask(location, { headers: { prefer: 'wait=30' } });
    const json = JSON.parse(await answer.text());
    if (answer.status === 200 && ['done', 'failed'].includes(json.state)) return json;
    await sleep(100);
  }
}
