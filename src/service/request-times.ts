/**
 * How long answers took, as a histogram that Prometheus reads. Counted for every request: the library's own would take as
 * long to find its numbers as the service takes to find a stored verdict. No label holds anything that a caller wrote.
 */

/** Seconds. */
const bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60] as const;
const name = 'sluice_request_seconds';

interface Times {
  readonly labels: string;
  /** How many took so long at most, and longer than the bound before; the last one has no bound. */
  readonly counts: number[];
  sum: number;
}

export class RequestTimes {
  readonly #byRoute = new Map<string, Map<number, Times>>();

  /** @param route As it was declared: `/v1/checks/:id`. */
  observe(route: string, status: number, seconds: number): void {
    const times = this.#byRoute.get(route)?.get(status) ?? this.#add(route, status);
    const at = bounds.findIndex((bound) => seconds <= bound);
    const index = at < 0 ? bounds.length : at;
    times.counts[index] = (times.counts[index] ?? 0) + 1;
    times.sum += seconds;
  }

  /** In the text form of Prometheus. */
  render(): string {
    const all = [...this.#byRoute.values()].flatMap((byStatus) => [...byStatus.values()]);
    return [
      `# HELP ${name} Time to answer a request`,
      `# TYPE ${name} histogram`,
      ...all.flatMap(renderTimes),
      '',
    ].join('\n');
  }

  #add(route: string, status: number): Times {
    const byStatus = this.#byRoute.get(route) ?? new Map<number, Times>();
    this.#byRoute.set(route, byStatus);
    const counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
    const times = { labels: `route=${JSON.stringify(route)},status="${status}"`, counts, sum: 0 };
    byStatus.set(status, times);
    return times;
  }
}

function renderTimes({ labels, counts, sum }: Times): readonly string[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return `${name}_bucket{le="${bounds[index] ?? '+Inf'}",${labels}} ${total}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`];
}
