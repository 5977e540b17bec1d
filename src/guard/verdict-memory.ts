/** A verdict out of the store, where the very same question was answered before. */
import { createHash } from 'node:crypto';
import { identifySettings } from '../engine/identify-verdict.ts';
import type { Pair, PairOptions } from '../guard.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Registry } from '../registry/registry.ts';

/** Remembers the answers of one store, under one policy, one set of rules and one engine. */
export class VerdictMemory {
  readonly #store: FactStore;
  readonly #registry: Registry;
  readonly #settings: readonly string[];
  readonly #asOf: string;

  constructor(store: FactStore, { rules, policy, engine, registry, asOf }: PairOptions) {
    this.#asOf = asOf;
    const settings = identifySettings({ rules, policy, digest: sha256 });
    this.#store = store;
    this.#registry = registry;
    this.#settings = [settings.rules, settings.policy, engine];
  }

  /**
   * Without both digests the question has no name, and is answered anew. So is one that was left open:
   * what could not be had then may be had now.
   */
  async find(pair: Pair, judge: () => Promise<Verdict>): Promise<Verdict> {
    const key = this.#keyOf(pair);
    const stored = key === undefined ? undefined : await this.#store.findVerdict(key);
    if (stored !== undefined && !isStale(stored, this.#asOf)) return stored;
    const verdict = await judge();
    if (key !== undefined && isLasting(verdict)) await this.#store.saveVerdict(key, verdict);
    return verdict;
  }

  #keyOf({ name, from, to, integrity }: Pair): string | undefined {
    const digests = [integrity?.from, integrity?.to];
    if (digests[1] === undefined || (from !== undefined && digests[0] === undefined)) return undefined;
    const subject = [name, from ?? null, to, ...digests.map((one) => one ?? null)];
    // The same name may mean something else at another registry.
    return sha256(JSON.stringify([...subject, this.#registry.addressOf(name), ...this.#settings]));
  }
}

/** What depends on the moment is not remembered: an answer that was not given, a registry that did not respond. */
function isLasting({ result, coverage }: Verdict): boolean {
  if (result === 'undecided' || coverage.unchecked.some(({ failure }) => failure !== undefined)) return false;
  return coverage.gaps.every(({ why }) => !passing.has(why));
}

/** Exemptions end and releases grow older, which may change what was found; where nothing was found nothing can change. */
function isStale({ findings, exemptions, asOf }: Verdict, now: string): boolean {
  if (findings.length === 0 && exemptions.unused.length === 0) return false;
  return dayOf(asOf) !== dayOf(now);
}

function dayOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length);
}

const passing: ReadonlySet<string> = new Set(['unreachable', 'rate-limited', 'unauthorized', 'offline', 'not-found']);

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
