/** What every step of reading one tarball shares: its limits, its clock, and the log of what was odd. */
import { type AnomalyLog, createAnomalyLog } from './anomaly-log.ts';
import { type TarballLimits, tarballLimits } from './tarball-limits.ts';

export interface Reading {
  readonly limits: TarballLimits;
  readonly log: AnomalyLog;
  /** The sentence about the time limit, once it is reached. The time begins when this is asked first. */
  findLateness(): string | undefined;
}

export function startReading(overrides: Partial<TarballLimits>): Reading {
  const limits = { ...tarballLimits, ...overrides };
  let deadline: number | undefined;
  return {
    limits,
    log: createAnomalyLog(),
    findLateness: () => {
      const now = performance.now();
      deadline ??= now + limits.milliseconds;
      return now < deadline ? undefined : `reading took over ${limits.milliseconds} ms`;
    },
  };
}
