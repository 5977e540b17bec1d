/** What every step of reading one tarball shares: its limits, its clock, and the log of what was odd. */
import { type AnomalyLog, createAnomalyLog } from './anomaly-log.ts';
import { type TarballLimits, tarballLimits } from './tarball-limits.ts';

export interface Reading {
  readonly limits: TarballLimits;
  readonly log: AnomalyLog;
  /** The sentence about the time limit, once it is reached. */
  findLateness(): string | undefined;
}

export function startReading(overrides: Partial<TarballLimits>): Reading {
  const limits = { ...tarballLimits, ...overrides };
  const deadline = performance.now() + limits.milliseconds;
  return {
    limits,
    log: createAnomalyLog(),
    findLateness: () => (performance.now() < deadline ? undefined : `reading took over ${limits.milliseconds} ms`),
  };
}
