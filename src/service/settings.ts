/** What an operator decides about a service. Every limit has its own error. */
import type { Policy } from '../model/policy.ts';

export interface RegistrySource {
  readonly registry?: string | undefined;
  readonly cache?: string | undefined;
  readonly offline?: boolean | undefined;
  /** The folder whose `.npmrc` holds. */
  readonly cwd?: string | undefined;
  /** Hosts besides the registries that these may redirect to; none by default. */
  readonly redirectHosts?: readonly string[] | undefined;
}

export interface ServiceSettings {
  readonly storePath: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly registry: RegistrySource;
  readonly policy: Policy;
  /** Sluice's version. */
  readonly engine: string;
  readonly limits: ServiceLimits;
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly now: () => Date;
}

export interface ServiceLimits {
  readonly threads: number;
  /** Jobs that may wait besides those that run. */
  readonly maxWaiting: number;
  readonly jobSeconds: number;
  readonly jobMegabytes: number;
  readonly requestsPerMinute: number;
  readonly maxCheckBytes: number;
  readonly maxBatchBytes: number;
  readonly maxBatchEntries: number;
  readonly requestSeconds: number;
  /** For what is running when the service is told to stop. */
  readonly drainSeconds: number;
  /** How long it is known that a question was work, once it is answered. */
  readonly keptJobDays: number;
  /** How long a check is kept with its reports, once it is done. */
  readonly keptCheckDays: number;
}

export const defaultLimits: ServiceLimits = {
  threads: 2,
  maxWaiting: 500,
  jobSeconds: 300,
  jobMegabytes: 1_536,
  requestsPerMinute: 60_000,
  maxCheckBytes: 32_000_000,
  maxBatchBytes: 1_000_000,
  maxBatchEntries: 1_000,
  requestSeconds: 30,
  drainSeconds: 30,
  keptJobDays: 1,
  keptCheckDays: 30,
};
