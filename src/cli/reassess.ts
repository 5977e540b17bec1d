/** `sluice reassess`: judges again what other rules, another policy or another engine judged, and tells what changed. */

import { escapeTerminal } from '../report/escape-terminal.ts';
import { reassess as run } from '../service/reassess.ts';
import { defaultPausesMs, parseWebhookSecret, parseWebhookUrl } from '../service/webhook.ts';
import type { Answer } from './answer.ts';
import { readNumber, readSettings, type ServeOptions } from './serve.ts';
import { say } from './terminal.ts';

export interface ReassessCommandOptions extends ServeOptions {
  readonly webhook?: string;
  readonly checkDays?: string;
}

const defaultCheckDays = 7;

export async function reassess(options: ReassessCommandOptions): Promise<Answer> {
  const { webhook: url } = options;
  const webhook =
    url === undefined
      ? undefined
      : {
          url: parseWebhookUrl(url),
          secret: parseWebhookSecret(process.env['SLUICE_WEBHOOK_SECRET']),
          pausesMs: defaultPausesMs,
        };
  const checkDays = readNumber('--check-days', options.checkDays, { least: 0, most: 3_650 }) ?? defaultCheckDays;
  const settings = await readSettings({ log: 'warn', ...options });
  const { judged, changes, failed, undelivered } = await run(settings, { webhook, checkDays });
  for (const sentence of failed) say(`Not judged again: ${sentence}`);
  if (undelivered > 0) say(`${undelivered} messages were not taken by the webhook; the next run sends them again.`);
  const lines = changes.map(
    ({ data: { subject, before, after } }) =>
      `${escapeTerminal(subject)}: ${before.result} → ${after.result} (${after.id})`,
  );
  const end = `${judged} judged again, ${changes.length} changed.`;
  return { exit: failed.length + undelivered > 0 ? 3 : 0, text: `${[...lines, end].join('\n')}\n` };
}
