/** What an operator watches, in the form that Prometheus reads. No label holds anything that a caller wrote. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { JobKind } from '../store/tables.ts';
import { RequestTimes } from './request-times.ts';

export interface Metrics {
  readonly answered: (route: string, status: number, seconds: number) => void;
  readonly jobEnded: (kind: JobKind, outcome: string, seconds: number) => void;
  readonly render: () => Promise<string>;
  readonly contentType: string;
}

/** @param countJobs How many jobs are open now. */
export function createMetrics(countJobs: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new RequestTimes();
  const jobs = new Histogram({
    name: 'sluice_job_seconds',
    help: 'Time from accepting a job to its end',
    labelNames: ['kind', 'outcome'],
    buckets: [0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  const crashes = new Counter({ name: 'sluice_job_crashes_total', help: 'Jobs without an answer', registers });
  new Gauge({
    name: 'sluice_jobs_open',
    help: 'Jobs that wait or run',
    registers,
    collect() {
      this.set(countJobs());
    },
  });
  return {
    answered: (route, status, seconds) => requests.observe(route, status, seconds),
    jobEnded: (kind, outcome, seconds) => {
      jobs.observe({ kind, outcome }, seconds);
      if (outcome === 'crashed') crashes.inc();
    },
    render: async () => `${await registry.metrics()}\n${requests.render()}`,
    contentType: registry.contentType,
  };
}
