/** What one file may cost, and that it costs that file only. */
import { describe, expect, test } from 'vitest';
import { AnalysisThread, timeLeft } from '../../src/guard/analysis-thread.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball } from '../support/build-tarball.ts';

describe('the time that is left', () => {
  test.each([
    ['its own time counts', { cpu: 30, wall: 40 }, 70],
    ['waiting for a processor does not', { cpu: 10, wall: 350 }, 50],
    ['unless it goes on for long', { cpu: 10, wall: 400 }, 0],
    ['all of it was its own', { cpu: 100, wall: 100 }, 0],
    ['where Node does not tell, all time counts', { cpu: undefined, wall: 60 }, 40],
    ['and ends', { cpu: undefined, wall: 101 }, 0],
  ])('%s', (_title, spent, left) => {
    expect(timeLeft(spent, 100)).toBe(left);
  });
});

test('a file that takes too long is given up; given more time, it is read, and so is the next', async () => {
  const slow = Array.from({ length: 30_000 }, (_, at) => `f${at} = (a) => f${at + 1}(a.b.c(d)[e], ${at});`).join('\n');
  const { files } = await readTarball(buildTarball({ 'slow.js': slow, 'next.js': 'require("fs").rmSync("x")' }));
  const readings = [...files.values()].map((file) => ({ file }));
  const thread = new AnalysisThread(20);
  const seen = new Map<string, string | undefined>();
  try {
    await thread.analyze(readings.slice(0, 1), ({ file }, { unread }) => void seen.set(file.path, unread?.why));
  } finally {
    await thread.stop();
  }
  const patient = new AnalysisThread();
  try {
    await patient.analyze(readings, ({ file }, { unread }) => void seen.set(`again ${file.path}`, unread?.why));
  } finally {
    await patient.stop();
  }
  expect(Object.fromEntries(seen)).toEqual({
    'slow.js': 'too-long',
    'again slow.js': undefined,
    'again next.js': undefined,
  });
});
