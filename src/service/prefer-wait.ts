/** `Prefer: wait=N` (RFC 7240): a caller that would rather wait than ask again. */

const maxWaitSeconds = 60;

/** 0 where nothing is preferred, or nothing that is understood. */
export function parseWait(prefer: string | undefined): number {
  const [, seconds] = /(?:^|[,;]\s*)wait\s*=\s*"?(\d{1,4})"?\s*(?:$|[,;])/i.exec(prefer ?? '') ?? [];
  return seconds === undefined ? 0 : Math.min(Number(seconds), maxWaitSeconds);
}

/** Undefined where the time was over first, or the service is about to stop. */
export async function waitAtMost<T>(
  promise: Promise<T>,
  seconds: number,
  stopping: AbortSignal,
): Promise<T | undefined> {
  if (seconds === 0 || stopping.aborted) return undefined;
  const { promise: overdue, resolve } = Promise.withResolvers<undefined>();
  const giveUp = (): void => resolve(undefined);
  const timer = setTimeout(giveUp, seconds * 1_000);
  stopping.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', giveUp);
  }
}
