/** A verdict out of the store, where the very same question was answered before. */
import { createHash } from 'node:crypto';
import { identifySettings } from '../engine/identify-verdict.ts';
import type { Pair, PairOptions } from '../guard.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Registry } from '../registry/registry.ts';
import { approvePolicy } from './approved-policy.ts';

/** Remembers the answers of one store, under one policy, one set of rules and one engine. */
export class VerdictMemory {
  readonly #store: FactStore;
  readonly #registry: Registry;
  readonly #options: PairOptions;
  readonly #settings: readonly string[];
  readonly #asOf: string;

  constructor(store: FactStore, options: PairOptions) {
    this.#asOf = options.asOf;
    this.#store = store;
    this.#registry = options.registry;
    this.#options = options;
    this.#settings = listSettings(options);
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
    return sha256(JSON.stringify([...subject, this.#registry.addressOf(name), ...this.#settingsFor(name, to)]));
  }

  #settingsFor(name: string, version: string): readonly string[] {
    const { policy, approvals = [] } = this.#options;
    const approved = approvePolicy(policy, approvals, [{ name, version }]);
    return approved === policy ? this.#settings : listSettings({ ...this.#options, policy: approved });
  }
}

function listSettings({ rules, policy, engine }: PairOptions): readonly string[] {
  const settings = identifySettings({ rules, policy, digest: sha256 });
  return [settings.rules, settings.policy, engine];
}

/** What depends on the moment is not remembered: an answer that was not given, a registry that did not respond. */
export function isLasting({ result, coverage }: Verdict): boolean {
  if (result === 'undecided' || coverage.unchecked.some(({ failure }) => failure !== undefined)) return false;
  return coverage.gaps.every(({ why }) => !passing.has(why));
}

/** Exemptions end and releases grow older, which may change what was found; where nothing was found nothing can change. */
export function changesDaily({ findings, exemptions }: Verdict): boolean {
  return findings.length > 0 || exemptions.unused.length > 0;
}

function isStale(verdict: Verdict, now: string): boolean {
  return changesDaily(verdict) && dayOf(verdict.asOf) !== dayOf(now);
}

function dayOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length);
}

const passing: ReadonlySet<string> = new Set(['unreachable', 'rate-limited', 'unauthorized', 'offline', 'not-found']);

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
