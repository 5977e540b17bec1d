/** Takes away what was done long ago, when the service starts and every hour: little at a time, because others wait meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pruneSome } from '../store/prune.ts';
import { pruneBehaviors } from '../store/stored-behaviors.ts';
import type { Service } from './service.ts';

const everyMs = 3_600_000;
const pauseMs = 20;
const dayMs = 86_400_000;

/** Until the service stops. @param warn Told why it could not be done this time. */
export function pruneRegularly(service: Service, warn: (sentence: string, cause: unknown) => void): void {
  const { stopping } = service.jobs;
  const work = (): void => {
    prune(service).catch((cause: unknown) => warn('What is old was not taken away.', cause));
  };
  const timer = setInterval(work, everyMs);
  stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
  work();
}

export async function prune({ database, settings, jobs, now }: Service): Promise<void> {
  const { keptJobDays, keptCheckDays } = settings.limits;
  const at = now().getTime();
  const before = (days: number): string => new Date(at - days * dayMs).toISOString();
  const options = {
    verdictJobsBefore: before(keptJobDays),
    checksBefore: before(keptCheckDays),
    deliveriesBefore: before(keptJobDays),
  };
  while (!jobs.isDraining && (await pruneSome(database, options))) await sleep(pauseMs);
  while (!jobs.isDraining && (await pruneBehaviors(database))) await sleep(pauseMs);
}
