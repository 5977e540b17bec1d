/** The OpenAPI document of `sluice serve`, from a service that nobody reaches. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import { openService } from '../src/service/serve.ts';
import { defaultLimits } from '../src/service/settings.ts';

export async function renderOpenapi(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-docs-'));
  const { app, stop } = await openService({
    storePath: join(folder, 'store.db'),
    host: '127.0.0.1',
    port: 0,
    registry: { registry: 'https://registry.example/', cache: folder, cwd: folder },
    policy: defaultPolicy,
    engine: 'docs',
    limits: defaultLimits,
    log: 'silent',
    now: () => new Date(0),
  });
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
