/**
 * Every way we know to tamper with a lockfile, each done to one that npm wrote, and its innocent twin. What npm and
 * lockfile-lint make of the same files stands in docs/tampering.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import { checkLockfile } from '../src/guard/check-lockfile.ts';
import type { ProjectFiles } from '../src/guard/project-files.ts';
import type { CheckVerdict } from '../src/model/check-verdict.ts';
import { createMemoryStore } from '../src/model/fact-store.ts';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';
import { createRegistry, type Registry } from '../src/registry/registry.ts';
import { type LittleRegistry, startRegistry } from './support/registry.ts';
import { draftOf, type NpmWritten, projectOf, publishedPackages, writeWithNpm } from './support/tampered-project.ts';
import { type Tampering, tamperings } from './support/tamperings.ts';

let little: LittleRegistry;
let home: string;
let registry: Registry;
let written: NpmWritten;

beforeAll(async () => {
  little = await startRegistry({ packages: publishedPackages });
  home = await mkdtemp(join(tmpdir(), 'sluice-tampering-home-'));
  const env = {
    HOME: home,
    npm_config_globalconfig: join(home, 'none'),
    npm_config_registry: little.url,
    'npm_config_@other:registry': 'https://registry.example/',
  };
  registry = createRegistry(await loadNpmConfig({}, { cwd: home, env }));
  written = await writeWithNpm(little.url);
}, 60_000);

afterAll(async () => {
  await little.close();
  await rm(home, { recursive: true, force: true });
});

it('a lockfile that is taken away is missed', async () => {
  const { lockfile, files } = written.base;
  const { result, lock } = await ask(written.base, { lockfile: { ...lockfile, text: undefined }, files });
  expect(lock.findings.map(({ rule, message }) => [rule, message])).toEqual([
    ['lock-in-sync', 'There is no lockfile: each install takes what the registry offers at that moment'],
  ]);
  expect(result).toBe('block');
});

function check({ from }: Pick<Tampering, 'from'>, edit: Tampering['tamper']): Promise<CheckVerdict> {
  const draft = draftOf(written[from]);
  edit(draft, written);
  return ask(written[from], projectOf(draft));
}

function ask(before: ProjectFiles, after: ProjectFiles): Promise<CheckVerdict> {
  return checkLockfile(
    { before, after, kept: 'nothing' },
    {
      rules,
      policy: defaultPolicy,
      engine: '0.0.0',
      asOf: '2026-01-01T00:00:00Z',
      base: 'the lockfile that npm wrote',
      openRegistry: async () => registry,
      openStore: async () => createMemoryStore(),
    },
  );
}

describe.each(tamperings)('$title', (tampering) => {
  it(`is caught by ${tampering.rule}`, async () => {
    const { result, lock } = await check(tampering, tampering.tamper);
    const seen = lock.findings.map(({ rule, kind, package: about }) => ({ rule, kind, about: about.name }));
    expect(seen).toContainEqual({ rule: tampering.rule, kind: tampering.kind, about: tampering.about });
    expect(['block', 'review']).toContain(result);
  });

  it(`is silent on the twin: ${tampering.twin}`, async () => {
    const { result, lock } = await check(tampering, tampering.twinOf);
    expect(lock.findings.filter(({ level }) => level !== 'notice').map(({ message }) => message)).toEqual([]);
    expect(lock.findings.map(({ rule }) => rule)).not.toContain(tampering.rule);
    expect(result).toBe('allow');
  });
});
