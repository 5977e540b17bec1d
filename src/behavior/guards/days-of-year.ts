/**
 * What is done on one day of every year: a greeting, a picture, another result. Each test that asks for such a day is told once,
 * at the first thing that it decides. Which parts of the moment are compared, `FixedComparison` finds out.
 */

import type { DayPart } from '../outside/names-somebody.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import {
  type AnswerSite,
  type Binding,
  type Condition,
  type FileSites,
  findBinding,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { eachChild } from '../syntax/syntax.ts';
import type { Comparison } from './fixed-comparison.ts';
import type { GuardFinder } from './guards.ts';

interface Setting {
  readonly guards: GuardFinder;
  readonly draft: SummaryDraft;
  readonly text: string;
  readonly describe: (site: AnswerSite) => string;
}

/** The day together with the month or the day of the week. From some day of a month on, years begin in schools and for taxes. */
export function isDayOfYear(parts: ReadonlyMap<DayPart, Comparison>): boolean {
  if (parts.has('year') || parts.has('instant')) return false;
  return parts.has('day') && (parts.get('month') === 'equal' || parts.get('weekday') === 'equal');
}

export function readDaysOfYear({ answers, calls, memberWrites }: FileSites, setting: Setting): void {
  if (!/\bDate\b/.test(setting.text)) return;
  const reader = new DayReader(setting);
  for (const site of answers) reader.read(site, setting.describe(site));
  for (const site of memberWrites) reader.read(site, 'if');
  for (const site of calls) reader.read(site, 'if');
}

/** What is asked of a day, or makes a text of one: nothing else is looked at closely. */
const asksDay =
  /\bget(?:UTC)?(?:Month|Date|Day)\b|\bto(?:ISO|Date|UTC|GMT|Locale|LocaleDate)String\b|\btoJSON\b|\bDate\b/;
const maxText = 300;
const maxDepth = 4;
const maxNodes = 60;

class DayReader {
  readonly #setting: Setting;
  /** By test, whether it asks for such a day, by itself or with those around it. */
  readonly #known = new Map<Node, boolean>();
  readonly #told = new Set<Node>();
  readonly #mentioned = new Map<Binding, boolean>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  read(site: AnswerSite | FileSites['calls'][number] | FileSites['memberWrites'][number], api: string): void {
    const test = this.#findTest(site.condition);
    if (test === undefined || this.#told.has(test)) return;
    this.#told.add(test);
    this.#setting.draft.add(site, { kind: 'answer', api });
  }

  /** The outermost test which, with those around it, asks for one day. */
  #findTest(condition: Condition | undefined): Node | undefined {
    if (condition === undefined) return undefined;
    return this.#findTest(condition.outer) ?? (this.#asks(condition) ? condition.test : undefined);
  }

  #asks(condition: Condition): boolean {
    const { test, scope } = condition;
    let asks = this.#known.get(test);
    if (asks === undefined) {
      asks = this.#mentions(test, scope, 0) && isDayOfYear(this.#setting.guards.partsOf(condition));
      this.#known.set(test, asks);
    }
    return asks;
  }

  #mentions(node: Node, scope: Scope, depth: number): boolean {
    const { start = 0, end = 0 } = node;
    if (asksDay.test(this.#setting.text.slice(start, Math.min(end, start + maxText)))) return true;
    if (depth >= maxDepth) return false;
    let left = maxNodes;
    let found = false;
    const look = (one: Node): void => {
      left -= 1;
      if (found || left < 0) return;
      const binding = one.type === 'Identifier' ? findBinding(scope, one.name) : undefined;
      if (binding !== undefined) found = this.#isMentionedIn(binding, depth + 1);
      else eachChild(one, look);
    };
    look(node);
    return found;
  }

  #isMentionedIn(binding: Binding, depth: number): boolean {
    const known = this.#mentioned.get(binding);
    if (known !== undefined) return known;
    // A variable that is made of itself tells nothing new.
    this.#mentioned.set(binding, false);
    const found = binding.writes.slice(0, 4).some((write) => {
      if (write.kind === 'value') return this.#mentions(write.node, write.scope, depth);
      if (write.kind === 'function')
        return write.fn.returns.slice(0, 4).some((one) => this.#mentions(one.node, one.scope, depth));
      return false;
    });
    this.#mentioned.set(binding, found);
    return found;
  }
}
