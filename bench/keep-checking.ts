/** Has a service do cold checks, so many at a time, until it is told to stop: each of another update of all packages. */
import { loadProjects, type PostedProject } from './made-up-packages.ts';

export interface Checking {
  /** @returns How many were done, and how long one took at the median. */
  stop(): Promise<{ readonly done: number; readonly seconds: readonly number[] }>;
}

export async function keepChecking(url: string, registry: string, atOnce: number): Promise<Checking> {
  const projects = await loadProjects(registry);
  const updates = projects.flatMap((before) =>
    projects.filter((after) => after !== before).map((after) => ({ before, after })),
  );
  const seconds: number[] = [];
  let isStopping = false;
  const checkOn = async (): Promise<void> => {
    for (let update = updates.shift(); update !== undefined && !isStopping; update = updates.shift()) {
      const start = performance.now();
      await check(url, update);
      seconds.push((performance.now() - start) / 1_000);
    }
  };
  const working = Promise.all(Array.from({ length: atOnce }, checkOn));
  return {
    stop: async () => {
      isStopping = true;
      await working;
      return { done: seconds.length, seconds };
    },
  };
}

async function check(url: string, update: { readonly before: PostedProject; readonly after: PostedProject }) {
  const accepted = await fetch(new URL('/v1/checks', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(update),
  });
  const { location } = JSON.parse(await accepted.text());
  const answer = await fetch(new URL(location, url), { headers: { prefer: 'wait=60' } });
  const { state, check: verdict, problem } = JSON.parse(await answer.text());
  if (state !== 'done' || verdict.packages.length === 0) throw new Error(`a check was ${state}: ${problem?.detail}`);
}
