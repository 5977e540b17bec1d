/**
 * A thread that answers one accepted question at a time: it reads tarballs and judges them, and runs nothing of them.
 * What it needs to know besides the question comes with the thread.
 */

import { setPriority } from 'node:os';
import { platform } from 'node:process';
import type { MessagePort } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { workerData } from 'piscina';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { checkLockfile } from '../guard/check-lockfile.ts';
import { judgeRemembered } from '../guard/judge-remembered.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import { changesDaily, isLasting } from '../guard/verdict-memory.ts';
import { openRegistry, type Pair, readPolicy } from '../guard.ts';
import type { Policy } from '../model/policy.ts';
import type { Verdict } from '../model/verdict.ts';
import { renderCheckJson } from '../report/render-check-json.ts';
import { renderJson } from '../report/render-json.ts';
import { openDatabase } from '../store/open-database.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';
import type { JudgedFinding } from '../store/stored-findings.ts';
import { findCheckRequest } from '../store/stored-jobs.ts';
import type { CheckRequest } from './check-request.ts';
import type { RegistrySource } from './settings.ts';

export interface WorkerSettings {
  readonly storePath: string;
  readonly registry: RegistrySource;
  readonly policy: Policy;
  readonly engine: string;
}

export interface JobOrder {
  readonly id: string;
  readonly kind: 'verdict' | 'check';
  /** The pair of a verdict; a check's lockfiles are in the store. */
  readonly pair: Pair | undefined;
  readonly asOf: string;
  readonly port: MessagePort;
}

export type JobReport =
  | { readonly kind: 'begun' }
  | { readonly kind: 'read'; readonly read: number; readonly all: number };

/** A verdict with what the store wants to know of it. */
export interface JudgedPair {
  readonly pair: Pair;
  readonly registry: string;
  readonly policy: string;
  readonly rules: string;
  readonly verdictId: string;
  readonly result: Verdict['result'];
  readonly integrity: string | undefined;
  readonly asOf: string;
  readonly lasting: boolean;
  readonly changesDaily: boolean;
  readonly document: string;
  /** Each rule, level and release once. */
  readonly findings: readonly JudgedFinding[];
}

export type JobReturn =
  | { readonly kind: 'judged'; readonly judged: JudgedPair }
  | {
      readonly kind: 'checked';
      readonly result: Verdict['result'];
      readonly document: string;
      /** JSON of the CheckVerdict. */
      readonly verdict: string;
      readonly releases: readonly JudgedPair[];
    }
  /** A class of its own does not survive the way between threads. */
  | { readonly kind: 'refused'; readonly code: GuardError['code']; readonly message: string };

/** As `nice` has it. */
const lowPriority = 15;

// Safe: the pool that starts this thread gives it exactly these.
const settings = workerData as WorkerSettings;
let store: Promise<OpenStore> | undefined;

giveWay();

export async function runJob(order: JobOrder): Promise<JobReturn> {
  const { port } = order;
  const tell = (report: JobReport): void => port.postMessage(report);
  tell({ kind: 'begun' });
  try {
    return await (order.kind === 'check' ? runCheck(order, tell) : runPair(order));
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message };
  } finally {
    port.close();
  }
}

/** To the thread that answers. On Linux each thread has its own place in the queue for the processor; elsewhere it is the process's. */
function giveWay(): void {
  if (platform !== 'linux') return;
  try {
    setPriority(lowPriority);
  } catch {
    // A sandbox may forbid it: then answers are slower while jobs run, and nothing else.
  }
}

async function runPair({ pair, asOf }: JobOrder): Promise<JobReturn> {
  if (pair === undefined) throw new Error('a verdict is about a pair');
  const memory = await openMemory();
  const registry = await openOwnRegistry(memory);
  const { policy, engine } = settings;
  const verdict = await judgeRemembered(pair, { rules, policy, engine, asOf, registry, store: memory });
  return { kind: 'judged', judged: describe(verdict, { pair, registry: registry.addressOf(pair.name) }) };
}

async function runCheck({ id, asOf }: JobOrder, tell: (report: JobReport) => void): Promise<JobReturn> {
  const request = await loadCheckRequest(id);
  const memory = await openMemory();
  const registry = await openOwnRegistry(memory);
  const policy =
    request.policy === undefined ? settings.policy : await readPolicy({ text: request.policy, path: 'policy' }, rules);
  const verdict = await checkLockfile(
    {
      before: request.before === null ? undefined : toProjectFiles(request.before),
      after: toProjectFiles(request.after),
      kept: request.before === null ? 'tarballs' : 'nothing',
    },
    {
      rules,
      policy,
      engine: settings.engine,
      asOf,
      openRegistry: async () => registry,
      // Who asks for a job wants an answer as of now.
      openStore: async () => ({ ...memory, checks: undefined }),
      base: request.base,
      onProgress: (read, all) => tell({ kind: 'read', read, all }),
    },
  );
  const releases = verdict.packages.flatMap(({ release, name, from, to }) =>
    release === undefined ? [] : [describe(release, { pair: { name, from, to }, registry: registry.addressOf(name) })],
  );
  return {
    kind: 'checked',
    result: verdict.result,
    document: toOneLine(renderCheckJson(verdict)),
    verdict: JSON.stringify(verdict),
    releases,
  };
}

function describe(verdict: Verdict, about: Pick<JudgedPair, 'pair' | 'registry'>): JudgedPair {
  return {
    ...about,
    policy: verdict.policy,
    rules: verdict.rules,
    verdictId: verdict.id,
    result: verdict.result,
    integrity: verdict.subject.integrity.to,
    asOf: verdict.asOf,
    lasting: isLasting(verdict),
    changesDaily: changesDaily(verdict),
    document: toOneLine(renderJson(verdict)),
    findings: listFindings(verdict),
  };
}

function listFindings({ findings }: Verdict): readonly JudgedFinding[] {
  const listed = findings.map(({ rule, level, package: { name, version } }) => ({ rule, level, name, version }));
  return [...new Map(listed.map((one) => [JSON.stringify(one), one])).values()];
}

/** As a line of its own it fits into a list. A string has no line break in it that is not escaped. */
function toOneLine(json: string): string {
  return json.replaceAll(/\n */g, '');
}

async function loadCheckRequest(id: string): Promise<CheckRequest> {
  const database = await openDatabase(settings.storePath, { waitMs: 5_000 });
  try {
    const bytes = await findCheckRequest(database, id);
    if (bytes === undefined) throw new Error(`the check ${id} has no request`);
    // Safe: the service checked it before it stored it.
    return JSON.parse(gunzipSync(bytes).toString('utf8')) as CheckRequest;
  } finally {
    await database.close();
  }
}

function toProjectFiles({ lockfile, files }: CheckRequest['after']): ProjectFiles {
  const { path, text } = lockfile;
  return { lockfile: { path, text: text ?? undefined }, files: new Map(Object.entries(files)) };
}

/** A registry that leads elsewhere would have the service ask what only the service can reach. */
function openOwnRegistry(memory: OpenStore): ReturnType<typeof openRegistry> {
  const { redirectHosts = [], ...source } = settings.registry;
  return openRegistry(source, { memory, redirectHosts });
}

function openMemory(): Promise<OpenStore> {
  store ??= openStore(settings.storePath);
  return store;
}
