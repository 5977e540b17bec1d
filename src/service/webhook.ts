/** Messages as Standard Webhooks has them: an id, a time, and a signature that only who knows the secret can make. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardError } from '../errors.ts';
import type { Delivery } from '../store/deliveries.ts';

export interface WebhookOptions {
  readonly secret: Buffer;
  readonly now: () => Date;
  /** Pauses before it is tried again. */
  readonly pausesMs: readonly number[];
}

export const defaultPausesMs: readonly number[] = [1_000, 5_000, 30_000, 120_000];
const timeoutMs = 15_000;

/** `whsec_` and the base64 of 24 to 64 bytes. */
export function parseWebhookSecret(text: string | undefined): Buffer {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text ?? '') ?? [];
  const secret = Buffer.from(encoded, 'base64');
  if (secret.length >= 24 && secret.length <= 64) return secret;
  throw new GuardError(
    'usage',
    'SLUICE_WEBHOOK_SECRET must hold the secret that signs webhooks: whsec_ and the base64 of 24 to 64 random bytes.',
  );
}

/** Operators choose the URL: no request and no package does. */
export function parseWebhookUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href;
  throw new GuardError('usage', `--webhook must be an http or https URL, not "${text}".`);
}

/** @returns Whether it was taken. */
export async function deliver(delivery: Delivery, { secret, now, pausesMs }: WebhookOptions): Promise<boolean> {
  for (const pauseMs of [0, ...pausesMs]) {
    if (pauseMs > 0) await sleep(pauseMs);
    if (await send(delivery, secret, now())) return true;
  }
  return false;
}

async function send({ id, url, body }: Delivery, secret: Buffer, now: Date): Promise<boolean> {
  const timestamp = Math.floor(now.getTime() / 1_000);
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signature}`,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Nobody there, or nobody in time: that is what "not taken" means, and the caller tells of it.
    return false;
  }
}
