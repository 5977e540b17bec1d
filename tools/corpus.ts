/**
 * `npm run corpus -- <pairs.json> [--only NAME] [--limit N] [--jobs N] [--max-review N] [--json FILE] [--table FILE]`
 * Judges real pairs from the registry that npm is configured with, and says what fell short. Exit 1 when something did.
 * Seconds are a pair's wall time, fetching included: for figures use a warm cache and `--jobs 1`.
 */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { rules } from '../rules/index.ts';
import { type JudgeOptions, judgePair, readPolicy } from '../src/guard.ts';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { type CorpusPair, loadCorpusList } from './corpus-list.ts';
import { measureCorpus, namePair, type Outcome } from './measure-corpus.ts';
import { renderAlarms } from './render-alarms.ts';
import { renderCorpus } from './render-corpus.ts';

interface Wishes {
  readonly path: string;
  readonly only: string | undefined;
  readonly limit: number;
  readonly jobs: number;
  readonly maxReviews: number;
  readonly json: string | undefined;
  /** Where the page on alarms goes. */
  readonly table: string | undefined;
}

/** Of the 251 ordinary pairs that the project is measured with, so many may need a look. */
const defaultMaxReviews = 8;

const usage =
  'Usage: npm run corpus -- <pairs.json> [--only NAME] [--limit N] [--jobs N] [--max-review N] [--json FILE] [--table FILE]';

try {
  await runCorpus(parseWishes(process.argv.slice(2)));
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 2;
}

async function runCorpus({ path, only, limit, jobs, maxReviews, json, table }: Wishes): Promise<void> {
  const pairs = loadCorpusList(path)
    .filter(({ name }) => only === undefined || name === only)
    .slice(0, limit);
  if (pairs.length === 0) throw new Error(`${path} has no pair to judge${only === undefined ? '' : ` named ${only}`}`);
  const config = await loadNpmConfig();
  const policy = await readPolicy(undefined, rules);
  const options = { rules, policy, engine: manifest.version, asOf: new Date().toISOString() };
  const progress = startProgress(pairs.length);
  const outcomes = await mapWithin(jobs, pairs, async (pair) => {
    const outcome = await judge(pair, { ...options, registry: createRegistry(config) });
    progress(pair);
    return outcome;
  });
  const measure = measureCorpus(outcomes, maxReviews);
  console.log(renderCorpus(measure, process.resourceUsage().maxRSS * 1024));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...measure, pairs: outcomes }, null, 1)}\n`);
  if (table !== undefined)
    writeFileSync(table, renderAlarms(measure, { list: path, day: options.asOf.slice(0, 10), rules }));
  if (measure.shortfalls.length > 0) process.exitCode = 1;
}

type PairOptions = Parameters<typeof judgePair>[1] & JudgeOptions;

/** A pair that cannot be judged is a failure of that pair; the others go on. */
async function judge(pair: CorpusPair, options: PairOptions): Promise<Outcome> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const { name, old: from, new: to, oldIntegrity, newIntegrity } = pair;
  try {
    const verdict = await judgePair({ name, from, to, integrity: { from: oldIntegrity, to: newIntegrity } }, options);
    return { pair, seconds: seconds(), verdict, failure: undefined };
  } catch (cause) {
    const failure = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    return { pair, seconds: seconds(), verdict: undefined, failure };
  }
}

/** One line that is written over on a terminal; a line now and then in a log. */
function startProgress(total: number): (pair: CorpusPair) => void {
  let done = 0;
  const { stderr } = process;
  return (pair) => {
    done += 1;
    if (stderr.isTTY) stderr.write(`\r\u001b[2K${done < total ? `${done}/${total} ${namePair(pair)}` : ''}`);
    else if (done % 25 === 0 || done === total) stderr.write(`${done}/${total} pairs\n`);
  };
}

async function mapWithin<T, U>(jobs: number, entries: readonly T[], work: (entry: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  const queue = entries.entries();
  const lane = async (): Promise<void> => {
    for (const [index, entry] of queue) done[index] = await work(entry);
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  return done;
}

function parseWishes(parameters: readonly string[]): Wishes {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      limit: { type: 'string' },
      jobs: { type: 'string' },
      'max-review': { type: 'string' },
      json: { type: 'string' },
      table: { type: 'string' },
    },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Error(`Name one list of pairs. ${usage}`);
  return {
    path,
    only: values.only,
    json: values.json,
    table: values.table,
    limit: parseCount('limit', values.limit, Number.POSITIVE_INFINITY),
    jobs: Math.max(1, parseCount('jobs', values.jobs, 2)),
    maxReviews: parseCount('max-review', values['max-review'], defaultMaxReviews),
  };
}

function parseCount(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a number, not "${text}". ${usage}`);
  return Number(text);
}
