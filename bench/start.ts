/** What a command costs from its start to its end, as a user pays it: the built command, in a process of its own, cache warm. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { alignColumns } from '../tools/render-corpus.ts';
import { median, time } from './measure.ts';
import { smallPair } from './pairs.ts';

const rounds = 7;
const command = fileURLToPath(new URL('../build/src/cli/main.js', import.meta.url));
const { name, from, to } = smallPair;
const bare = ['-e', ''];
const questions: readonly (readonly [title: string, parameters: readonly string[], goalMs: number | undefined])[] = [
  ['node -e "" (the floor)', bare, undefined],
  ['sluice --version', [command, '--version'], 100],
  ['sluice rules', [command, 'rules'], undefined],
  [`sluice diff ${name} ${from} → ${to}`, [command, 'diff', `${name}@${from}`, `${name}@${to}`], 700],
];

const rows: string[][] = [];
for (const [title, parameters, goalMs] of questions) {
  const milliseconds = await measure(parameters);
  rows.push([title, `${Math.round(milliseconds)} ms`, goalMs === undefined ? '–' : `under ${goalMs} ms`]);
}
console.log(alignColumns([['command', `median of ${rounds}`, 'goal'], ...rows]).join('\n'));

async function measure(parameters: readonly string[]): Promise<number> {
  run(parameters);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) seconds.push((await time(() => run(parameters))).seconds);
  return median(seconds) * 1000;
}

function run(parameters: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${parameters.join(' ')} ended with ${status}: ${stderr}`);
}
