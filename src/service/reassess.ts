/**
 * Judges again what was judged by other rules, another policy or another engine, and the checks of the last days, whose
 * advisories may be others now. What comes out differently is told to a webhook.
 */
import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { renderPurl } from '../model/package-spec.ts';
import type { SqlStatement } from '../store/database.ts';
import { endDelivery, listUndelivered } from '../store/deliveries.ts';
import { type DoneCheck, listDoneChecks, listOutdated, type OutdatedAnswer } from '../store/outdated-answers.ts';
import { type AnsweredBefore, insertReassessment } from '../store/reassessments.ts';
import { type ChangedAnswer, findChange, summarize } from './changed-answer.ts';
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

async function reassessVerdicts(service: Service, { webhook }: ReassessOptions): Promise<Round> {
  const { database, questions, settings } = service;
  const current = { rules: questions.rules, policy: questions.policy, engine: settings.engine };
  const changes: ChangedAnswer[] = [];
  const failed: string[] = [];
  let judged = 0;
  let page = await listOutdated(database, current, '');
  while (page.length > 0) {
    const ends = await Promise.all(page.map((one) => judgeAgain(one, service, webhook?.url)));
    judged += ends.length;
    for (const end of ends) {
      if (typeof end === 'string') failed.push(end);
      else if (end !== undefined) changes.push(end);
    }
    page = await listOutdated(database, current, page.at(-1)?.question ?? '');
  }
  return { judged, changes, failed };
}

/** @returns The change, a sentence where there is no answer, or undefined where it is as it was. */
async function judgeAgain(
  old: OutdatedAnswer,
  { jobs, questions }: Service,
  url: string | undefined,
): Promise<ChangedAnswer | string | undefined> {
  const { name, from, to, result } = old;
  const pair = { name, from, to };
  const question = questions.nameOf(pair);
  const subject = renderPurl(name, to);
  const before = { subject, from: from ?? null, result, id: old.verdictId, summary: summarize(old.document) };
  const job = await jobs.acceptVerdict(question, pair, intend(question, before, url));
  const end = await job.end;
  if (end.kind !== 'judged') {
    return `${name}@${to}: ${end.kind === 'failed' ? end.problem.detail : 'it was answered as a check'}`;
  }
  const { judged, at } = end;
  // What could not be had today is no news of the package.
  if (!judged.lasting) return undefined;
  const { verdictId: id, document } = judged;
  return findChange(before, { type: 'verdict.changed', at, result: judged.result, id, document });
}

async function reassessChecks(service: Service, { checkDays, webhook }: ReassessOptions): Promise<Round> {
  const changes: ChangedAnswer[] = [];
  const failed: string[] = [];
  if (checkDays === 0) return { judged: 0, changes, failed };
  const since = new Date(service.now().getTime() - checkDays * dayMs).toISOString();
  const checks = await listDoneChecks(service.database, since);
  for (const check of checks) {
    const end = await checkAgain(check, service, webhook?.url);
    if (typeof end === 'string') failed.push(end);
    else if (end !== undefined) changes.push(end);
  }
  return { judged: checks.length, changes, failed };
}

async function checkAgain(
  old: DoneCheck,
  service: Service,
  url: string | undefined,
): Promise<ChangedAnswer | string | undefined> {
  const { jobs, questions } = service;
  const text = gunzipSync(old.request).toString('utf8');
  const question = hash('sha256', JSON.stringify(['check', questions.rules, questions.policy, text]));
  const { document = '{}' } = await loadCheck(old.id, service);
  const before = { subject: old.id, from: null, result: old.result, id: old.id, summary: summarize(document) };
  const beside = (): readonly SqlStatement[] => intend(question, before, url);
  const job = await jobs.acceptCheck(question, { request: old.request, by: old.askedBy, beside });
  const end = await job.end;
  if (end.kind === 'failed') return `check ${old.id}: ${end.problem.detail}`;
  const { result, document: now = '{}' } = await loadCheck(job.id, service);
  if (result === undefined || result === 'undecided') return `check ${old.id}: not everything could be had`;
  return findChange(before, { type: 'check.changed', at: end.at, result, id: job.id, document: now });
}

/** Kept with the job: whichever process has its answer tells what changed. */
function intend(question: string, before: AnsweredBefore, url: string | undefined): readonly SqlStatement[] {
  return url === undefined ? [] : [insertReassessment(question, { url, before })];
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
