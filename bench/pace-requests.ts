/**
 * Requests at an even pace, however slowly they are answered, and how long each took: from when it was its turn (or from when
 * this process came to it, because its own delays are not the server's) to the last byte of its answer.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface Paced {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Answers that were not 200. */
  readonly failed: number;
}

/** @param paths Asked for in turn. */
export async function paceRequests(url: string, paths: readonly string[], pace: Pace): Promise<Paced> {
  const { perSecond, seconds, connections } = pace;
  const idle = await Promise.all(Array.from({ length: connections }, () => open(new URL(url))));
  const total = perSecond * seconds;
  const due: number[] = [];
  const took: number[] = [];
  let [failed, asked, sent] = [0, 0, 0];
  const give = (): void => {
    while (due.length > 0) {
      const caller = idle.pop();
      const since = due[0];
      if (caller === undefined || since === undefined) return;
      due.shift();
      caller.ask(paths[sent % paths.length] ?? '/', (isGood) => {
        took.push(performance.now() - since);
        if (!isGood) failed += 1;
        idle.push(caller);
        give();
      });
      sent += 1;
    }
  };
  const start = performance.now();
  while (took.length < total) {
    const now = performance.now();
    const turns = Math.min(total, Math.floor(((now - start) / 1_000) * perSecond));
    for (; asked < turns; asked += 1) due.push(now);
    give();
    await sleep(1);
  }
  for (const caller of idle) caller.close();
  const sorted = took.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1), failed };
}

interface Caller {
  ask(path: string, answered: (isGood: boolean) => void): void;
  close(): void;
}

async function open({ hostname, port }: URL): Promise<Caller> {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let answered: ((isGood: boolean) => void) | undefined;
  readAnswers(socket, (status) => answered?.(status === 200));
  return {
    ask: (path, tell) => {
      answered = tell;
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    },
    close: () => void socket.destroy(),
  };
}

/** One answer after the other, each with its length: neither of the servers sends chunks. */
function readAnswers(socket: Socket, tell: (status: number) => void): void {
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(received) ?? [];
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(received) ?? [];
    if (status === undefined || length === undefined) throw new Error(`no answer: ${received.slice(0, 200)}`);
    if (received.length < end + 4 + Number(length)) return;
    received = '';
    tell(Number(status));
  });
}
