/**
 * `sluice check` on a change of some fifty packages, as a user pays it: the built command, in a process of its own. Against
 * what nobody can avoid, measured in the same run: hashing, unpacking and parsing what changed, on one core.
 * npm writes the lockfiles and fills its cache first: downloads are not measured.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alignColumns } from '../tools/render-corpus.ts';
import { time } from './measure.ts';
import { type Asked, type Changed, makeLockfile, measureLimit } from './real-change.ts';

const command = fileURLToPath(new URL('../build/src/cli/main.js', import.meta.url));
const cache = fileURLToPath(new URL('../.cache/bench-check/', import.meta.url));
/** What a project asks for, before and after: with what they bring along, some fifty packages change. */
const asked: Asked = [
  ['express', '4.17.3', '4.21.2'],
  ['glob', '9.3.5', '10.4.5'],
  ['yargs', '16.2.0', '17.7.2'],
  ['ora', '5.4.1', '6.3.1'],
  ['axios', '1.6.8', '1.7.9'],
  ['pino', '8.21.0', '9.6.0'],
  ['fs-extra', '9.1.0', '11.3.0'],
  ['uuid', '8.3.2', '9.0.1'],
  ['rxjs', '7.5.6', '7.8.1'],
];

const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  const base = makeLockfile(join(cache, 'before'), asked, 1);
  const head = makeLockfile(join(cache, 'after'), asked, 2);
  const check = (...more: string[]): readonly string[] => [
    ...[command, 'check', '--json', '--base', base, '--lockfile', head, ...more],
  ];
  const changed: readonly Changed[] = JSON.parse(run(check('--no-store')).stdout).packages;
  const limit = await measureLimit(changed);
  const cold = await time(() => run(check('--no-store')));
  run(check());
  const warm = await time(() => run(check()));
  const same = await time(() => run([command, 'check', '--base', head, '--lockfile', head]));
  const ratio = (seconds: number): string => `${(seconds / limit).toFixed(1)}×`;
  console.log(
    alignColumns([
      [`${changed.length} packages changed`, 'seconds', 'of the limit', 'goal'],
      ['hash, unpack and parse what changed', limit.toFixed(2), '1×', ''],
      ['nothing remembered', cold.seconds.toFixed(2), ratio(cold.seconds), 'at most 2×'],
      ['the same again', warm.seconds.toFixed(2), ratio(warm.seconds), '0.3 s'],
      ['an unchanged lockfile', same.seconds.toFixed(2), ratio(same.seconds), '0.3 s'],
    ]).join('\n'),
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}

function run(parameters: readonly string[]): { readonly stdout: string } {
  const env = { ...process.env, XDG_DATA_HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    env,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  if (status !== 0 && status !== 1) throw new Error(`${parameters.join(' ')} ended with ${status}: ${stderr}`);
  return { stdout };
}
