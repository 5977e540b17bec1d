import { describe, expect, it } from 'vitest';
import { CallerLimit } from '../../src/service/caller-limit.ts';

describe('a limit of calls', () => {
  it('lets each caller ask so often within a minute, and tells how long to wait', () => {
    const limit = new CallerLimit(2);
    expect([0, 1, 2].map((atMs) => limit.count('a', atMs))).toEqual([0, 0, 59_998]);
    expect(limit.count('b', 30_000)).toBe(0);
    expect(limit.count('a', 59_999)).toBe(1);
    expect([60_000, 60_001, 60_002].map((atMs) => limit.count('a', atMs))).toEqual([0, 0, 59_998]);
  });

  it('forgets those who asked first where there are more than can be counted', () => {
    const limit = new CallerLimit(1);
    expect([limit.count('first', 0), limit.count('first', 0)]).toEqual([0, 60_000]);
    for (let caller = 0; caller < 100_000; caller += 1) limit.count(`${caller}`, 1);
    expect(limit.count('first', 2)).toBe(0);
    expect(limit.count('99999', 2)).toBe(59_998);
  });
});
