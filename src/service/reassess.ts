/**
 * Judges again what was judged by other rules, another policy or another engine, and the checks of the last days, whose
 * advisories may be others now. What comes out differently is told to a webhook.
 */
import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { isRecord } from '../model/manifest.ts';
import { renderPurl } from '../model/package-spec.ts';
import type { Conclusion } from '../model/verdict.ts';
import { endDelivery, insertDelivery, listUndelivered } from '../store/deliveries.ts';
import { makeId } from '../store/make-id.ts';
import { type DoneCheck, listDoneChecks, listOutdated, type OutdatedAnswer } from '../store/outdated-answers.ts';
import { loadCheck } from './check-routes.ts';
import { openService } from './serve.ts';
import type { Service } from './service.ts';
import type { ServiceSettings } from './settings.ts';
import { deliver, type WebhookOptions } from './webhook.ts';

export interface ReassessOptions {
  /** Checks that were asked for in so many days; 0: none. */
  readonly checkDays: number;
  readonly webhook: ({ readonly url: string } & Omit<WebhookOptions, 'now'>) | undefined;
}

export interface Reassessed {
  readonly judged: number;
  readonly changes: readonly ChangedAnswer[];
  /** What could not be judged again, and keeps its old verdict. */
  readonly failed: readonly string[];
  readonly undelivered: number;
}

export interface ChangedAnswer {
  readonly type: 'verdict.changed' | 'check.changed';
  readonly timestamp: string;
  readonly data: {
    /** A purl, or the check's id. */
    readonly subject: string;
    readonly from: string | null;
    readonly before: { readonly result: Conclusion; readonly id: string };
    readonly after: { readonly result: Conclusion; readonly id: string };
  };
}

const dayMs = 86_400_000;

export async function reassess(settings: ServiceSettings, options: ReassessOptions): Promise<Reassessed> {
  const { service, stop } = await openService(settings);
  try {
    const verdicts = await reassessVerdicts(service, options);
    const checks = await reassessChecks(service, options);
    const undelivered = options.webhook === undefined ? 0 : await deliverAll(service, options.webhook);
    return {
      judged: verdicts.judged + checks.judged,
      changes: [...verdicts.changes, ...checks.changes],
      failed: [...verdicts.failed, ...checks.failed],
      undelivered,
    };
  } finally {
    await stop();
  }
}

type Round = Omit<Reassessed, 'undelivered'>;

async function reassessVerdicts(service: Service, options: ReassessOptions): Promise<Round> {
  const { database, questions, settings } = service;
  const current = { rules: questions.rules, policy: questions.policy, engine: settings.engine };
  const changes: ChangedAnswer[] = [];
  const failed: string[] = [];
  let judged = 0;
  let page = await listOutdated(database, current, '');
  while (page.length > 0) {
    const ends = await Promise.all(page.map((one) => judgeAgain(one, service)));
    judged += ends.length;
    for (const end of ends) {
      if (typeof end === 'string') failed.push(end);
      else if (end !== undefined) changes.push(await record(end, { service, options }));
    }
    page = await listOutdated(database, current, page.at(-1)?.question ?? '');
  }
  return { judged, changes, failed };
}

/** @returns The change, a sentence where there is no answer, or undefined where it is as it was. */
async function judgeAgain(
  old: OutdatedAnswer,
  { jobs, questions, now }: Service,
): Promise<ChangedAnswer | string | undefined> {
  const { name, from, to } = old;
  const pair = { name, from, to };
  const job = await jobs.acceptVerdict(questions.nameOf(pair), pair);
  const end = await job.end;
  if (end.kind !== 'judged') {
    return `${name}@${to}: ${end.kind === 'failed' ? end.problem.detail : 'it was answered as a check'}`;
  }
  const { judged } = end;
  // What could not be had today is no news of the package.
  if (!judged.lasting || summarize(judged.document) === summarize(old.document)) return undefined;
  return {
    type: 'verdict.changed',
    timestamp: now().toISOString(),
    data: {
      subject: renderPurl(name, to),
      from: from ?? null,
      before: { result: old.result, id: old.verdictId },
      after: { result: judged.result, id: judged.verdictId },
    },
  };
}

async function reassessChecks(service: Service, options: ReassessOptions): Promise<Round> {
  const changes: ChangedAnswer[] = [];
  const failed: string[] = [];
  if (options.checkDays === 0) return { judged: 0, changes, failed };
  const since = new Date(service.now().getTime() - options.checkDays * dayMs).toISOString();
  const checks = await listDoneChecks(service.database, since);
  for (const check of checks) {
    const end = await checkAgain(check, service);
    if (typeof end === 'string') failed.push(end);
    else if (end !== undefined) changes.push(await record(end, { service, options }));
  }
  return { judged: checks.length, changes, failed };
}

async function checkAgain(old: DoneCheck, service: Service): Promise<ChangedAnswer | string | undefined> {
  const { jobs, questions, now } = service;
  const text = gunzipSync(old.request).toString('utf8');
  const question = hash('sha256', JSON.stringify(['check', questions.rules, questions.policy, text]));
  const job = await jobs.acceptCheck(question, { request: old.request, by: old.askedBy, beside: () => [] });
  const end = await job.end;
  if (end.kind === 'failed') return `check ${old.id}: ${end.problem.detail}`;
  const [before, after] = [await loadCheck(old.id, service), await loadCheck(job.id, service)];
  const result = after.result;
  if (result === undefined || result === 'undecided') return `check ${old.id}: not everything could be had`;
  if (summarize(before.document ?? '{}') === summarize(after.document ?? '{}')) return undefined;
  return {
    type: 'check.changed',
    timestamp: now().toISOString(),
    data: {
      subject: old.id,
      from: null,
      before: { result: old.result, id: old.id },
      after: { result, id: job.id },
    },
  };
}

/** Kept before it is sent: who is not there now is told later. */
async function record(
  change: ChangedAnswer,
  { service, options }: { readonly service: Service; readonly options: ReassessOptions },
): Promise<ChangedAnswer> {
  const { database, now } = service;
  if (options.webhook !== undefined) {
    const { url } = options.webhook;
    const id = `msg_${makeId(now())}`;
    await database.write([insertDelivery({ id, url, body: JSON.stringify(change), createdAt: change.timestamp })]);
  }
  return change;
}

/** @returns How many nobody took. */
async function deliverAll({ database, now }: Service, webhook: Omit<WebhookOptions, 'now'>): Promise<number> {
  let undelivered = 0;
  for (const delivery of await listUndelivered(database)) {
    if (await deliver(delivery, { ...webhook, now }))
      await database.write([endDelivery(delivery.id, now().toISOString())]);
    else undelivered += 1;
  }
  return undelivered;
}

/** What a reader would call the same verdict: its word, and what was found where. */
function summarize(document: string): string {
  const verdict: unknown = JSON.parse(document);
  const { result, findings } = isRecord(verdict) ? verdict : {};
  const found = Array.isArray(findings) ? findings.filter(isRecord) : [];
  const told = found.map(({ rule, level, message, exemption }) => [rule, level, message, exemption !== null]);
  return JSON.stringify([result, told.toSorted()]);
}
