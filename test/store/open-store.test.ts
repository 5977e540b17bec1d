import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryStore, type FactStore, type RememberedPackument } from '../../src/model/fact-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { judgeTrees } from '../corpus/judge-update.ts';
import { buildFinding, buildVerdict } from '../report/build-verdict.ts';
import { makeFolder } from './run-process.ts';

interface Place {
  readonly path: string;
  readonly store: OpenStore;
  readonly warnings: readonly string[];
  /** The next run. */
  again(): Promise<OpenStore>;
  /** Past the store, as somebody with another tool could. */
  meddle(sql: string): void;
}

async function makePlace(): Promise<Place> {
  const path = join(await makeFolder(), 'data', 'store.db');
  const warnings: string[] = [];
  const again = async () => {
    const store = await openStore(path, { warn: (sentence) => warnings.push(sentence) });
    onTestFinished(() => store.close());
    return store;
  };
  const meddle = (sql: string) => {
    const driver = new Sqlite(path, { timeout: 1_000 });
    try {
      driver.exec(sql);
    } finally {
      driver.close();
    }
  };
  return { path, store: await again(), warnings, again, meddle };
}

const source = { registry: 'https://registry.example/', name: 'sample' };
const packument: RememberedPackument = {
  fetchedAt: '2026-01-01T00:00:00.000Z',
  etag: '"1"',
  outline: '{"name":"sample","versions":["1.0.0"]}',
  entries: Buffer.from([0, 1, 2, 255]),
};

describe.each<[string, () => Promise<FactStore>]>([
  ['in a file', async () => (await makePlace()).store],
  ['in memory', async () => createMemoryStore()],
])('a store %s', (_, open) => {
  it('knows nothing at first', async () => {
    const store = await open();
    expect(await store.findVerdict('question')).toBeUndefined();
    expect(await store.findPackument(source)).toBeUndefined();
  });

  it('gives back the verdict that it was given for a question, and for no other', async () => {
    const store = await open();
    await store.saveVerdict('question', buildVerdict({ result: 'review', findings: [buildFinding()] }));
    await store.saveVerdict('another question', buildVerdict());
    expect(await store.findVerdict('question')).toEqual(buildVerdict({ result: 'review', findings: [buildFinding()] }));
    expect(await store.findVerdict('third question')).toBeUndefined();
  });

  it('gives back what the engine says of a real change', async () => {
    const store = await open();
    const verdict = await judgeTrees(
      { 'package.json': {}, 'index.js': 'module.exports = 1;' },
      {
        'package.json': { scripts: { postinstall: 'node setup.js' } },
        'index.js': 'while (true) {}',
        'setup.js': "require('child_process').exec('id');",
      },
    );
    expect(verdict.findings.length).toBeGreaterThan(1);
    await store.saveVerdict('question', verdict);
    expect(await store.findVerdict('question')).toEqual(verdict);
  });

  it('gives the newest of several answers', async () => {
    const store = await open();
    const asOf = (day: string) => `2026-01-${day}T00:00:00.000Z`;
    await store.saveVerdict('question', buildVerdict({ asOf: asOf('01') }));
    await store.saveVerdict('question', buildVerdict({ asOf: asOf('02'), result: 'block' }));
    expect(await store.findVerdict('question')).toMatchObject({ result: 'block', asOf: asOf('02') });
  });

  it('remembers the newest packument of each registry', async () => {
    const store = await open();
    const elsewhere = { ...source, registry: 'https://other.example/' };
    await store.savePackument(source, packument);
    await store.savePackument(elsewhere, { ...packument, etag: undefined });
    const newer = { ...packument, etag: '"2"', outline: '{"näme":"\u{1F600}"}' };
    await store.savePackument(source, newer);
    expect(await store.findPackument(source)).toEqual(newer);
    expect(await store.findPackument(elsewhere)).toEqual({ ...packument, etag: undefined });
  });

  it('remembers with which bytes a release was first read, at each registry and of each version', async () => {
    const store = await open();
    const release = { ...source, version: '1.0.0' };
    expect(await store.findRelease(release)).toBeUndefined();
    await store.saveRelease(release, { integrity: 'sha512-a', firstReadAt: '2026-01-01T00:00:00.000Z' });
    await store.saveRelease(release, { integrity: 'sha512-b', firstReadAt: '2026-01-02T00:00:00.000Z' });
    await store.saveRelease(release, { integrity: 'sha512-a', firstReadAt: '2026-01-03T00:00:00.000Z' });
    expect(await store.findRelease(release)).toEqual({
      integrity: 'sha512-a',
      firstReadAt: '2026-01-01T00:00:00.000Z',
    });
    for (const other of [{ version: '1.0.1' }, { name: 'other' }, { registry: 'https://other.example/' }])
      expect(await store.findRelease({ ...release, ...other })).toBeUndefined();
  });

  it.each(["'; DROP TABLE verdicts; --", '$1', '%', '\0', '__proto__'])(
    'takes %j for a name like any other',
    async (name) => {
      const store = await open();
      const verdict = buildVerdict({ subject: { ...buildVerdict().subject, name } });
      await store.saveVerdict(name, verdict);
      await store.savePackument({ ...source, name }, packument);
      expect(await store.findVerdict(name)).toEqual(verdict);
      expect(await store.findPackument({ ...source, name })).toEqual(packument);
      expect(await store.findPackument(source)).toBeUndefined();
    },
  );
});

describe('a store in a file', () => {
  it('remembers from one run to the next', async () => {
    const { store, again } = await makePlace();
    await store.saveVerdict('question', buildVerdict());
    await store.savePackument(source, packument);
    await store.close();
    const next = await again();
    expect(await next.findVerdict('question')).toEqual(buildVerdict());
    expect(await next.findPackument(source)).toEqual(packument);
  });

  it('is for the eyes of its user only', async () => {
    const { path, store } = await makePlace();
    await store.saveVerdict('question', buildVerdict());
    const modes = [join(path, '..'), path, `${path}-wal`, `${path}-shm`].map(
      async (file) => (await stat(file)).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  it('does not let an answer be changed or taken away, whoever tries', async () => {
    const { store, meddle } = await makePlace();
    await store.saveVerdict('question', buildVerdict({ result: 'block' }));
    expect(() => meddle("UPDATE verdicts SET result = 'allow'")).toThrow('verdicts is append-only');
    expect(() => meddle('DELETE FROM verdicts')).toThrow('verdicts is append-only');
    // The same moment again: the first answer stands.
    await store.saveVerdict('question', buildVerdict({ result: 'allow' }));
    expect(await store.findVerdict('question')).toMatchObject({ result: 'block' });
  });

  it.each([
    ["('q', 't', 'n', NULL, '1', 'green', 'id', '{}', 'c')", 'CHECK'],
    ["('', 't', 'n', NULL, '1', 'allow', 'id', '{}', 'c')", 'CHECK'],
    ["('q', 't', 'n', NULL, NULL, 'allow', 'id', '{}', 'c')", 'NOT NULL'],
    ["('q', 't', x'00', NULL, '1', 'allow', 'id', '{}', 'c')", 'BLOB'],
  ])('refuses a row that cannot be an answer: %s', async (row, reason) => {
    const { meddle } = await makePlace();
    expect(() => meddle(`INSERT INTO verdicts VALUES ${row}`)).toThrow(reason);
  });

  it('takes a row that was spoiled, or stands under another question, for no answer', async () => {
    const { store, meddle } = await makePlace();
    await store.saveVerdict('question', buildVerdict({ result: 'block' }));
    meddle('DROP TRIGGER verdicts_no_update');
    meddle(`UPDATE verdicts SET verdict = replace(verdict, '"block"', '"allow"')`);
    expect(await store.findVerdict('question')).toBeUndefined();
    await store.saveVerdict('another question', buildVerdict());
    meddle("UPDATE verdicts SET question = 'third question' WHERE question = 'another question'");
    expect(await store.findVerdict('third question')).toBeUndefined();
  });

  it('does not let it be changed with which bytes a release was read, and believes no row that was spoiled', async () => {
    const { store, meddle } = await makePlace();
    const release = { ...source, version: '1.0.0' };
    await store.saveRelease(release, { integrity: 'sha512-a', firstReadAt: '2026-01-01T00:00:00.000Z' });
    expect(() => meddle("UPDATE releases SET integrity = 'sha512-b'")).toThrow('releases is append-only');
    expect(() => meddle('DELETE FROM releases')).toThrow('releases is append-only');
    meddle('DROP TRIGGER releases_no_update');
    meddle("UPDATE releases SET integrity = 'sha512-b'");
    expect(await store.findRelease(release)).toBeUndefined();
  });

  it.each([
    "entries = x'00'",
    "entries = x''",
    "outline = replace(outline, '1.0.0', '1.0.1')",
    "name = 'sample', outline = '{}'",
  ])('forgets a packument that was spoiled: %s', async (change) => {
    const { store, meddle, warnings } = await makePlace();
    await store.savePackument(source, packument);
    meddle(`UPDATE packuments SET ${change}`);
    expect(await store.findPackument(source)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('says once each that it fails, and goes on as if it knew nothing', async () => {
    const { store, meddle, warnings, path } = await makePlace();
    meddle('DROP TABLE packuments');
    await store.savePackument(source, packument);
    expect(await store.findPackument(source)).toBeUndefined();
    await store.saveVerdict('question', buildVerdict());
    expect(await store.findVerdict('question')).toBeUndefined();
    expect(warnings).toEqual([
      `Nothing new is kept in the store ${path}: no such table: packuments.`,
      `The store ${path} cannot be read any more, and is left alone: no such table: packuments.`,
    ]);
  });
});
