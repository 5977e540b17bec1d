/**
 * The root's `overrides`, as npm's OverrideSet understands them: nested, `.` for the package itself, keys with a range,
 * `$name` for the root's own dependency. A rule is told by identity: there is one for each key of the document.
 */
import npa from 'npm-package-arg';
import Range from 'semver/classes/range.js';
import intersects from 'semver/ranges/intersects.js';
import { isRecord } from '../model/manifest.ts';

export interface OverrideRule {
  /** Undefined for the whole of the overrides, which says nothing by itself. */
  readonly parent: OverrideRule | undefined;
  readonly key: string;
  readonly name: string;
  /** Which specs it replaces: `*` for all. */
  readonly keySpec: string;
  /** What stands instead; `*`, or the range of the key, where it only has children. */
  readonly value: string;
  readonly children: Map<string, OverrideRule>;
}

/** Why the overrides cannot be followed; npm stops there as well. */
export class OverrideError extends Error {}

const maxOverrideRules = 1000;
const maxKeyChars = 300;

/** Undefined when there are none. */
export function parseOverrides(overrides: Readonly<Record<string, unknown>>): OverrideRule | undefined {
  if (Object.keys(overrides).length === 0) return undefined;
  const root: OverrideRule = { parent: undefined, key: '', name: '', keySpec: '', value: '', children: new Map() };
  const budget = { left: maxOverrideRules };
  addChildren(root, overrides, budget);
  return root;
}

/** Calls itself as deep as the document is, which has a limit. */
function addChildren(
  parent: OverrideRule,
  overrides: Readonly<Record<string, unknown>>,
  budget: { left: number },
): void {
  for (const [key, below] of Object.entries(overrides)) {
    if (key === '.') continue;
    budget.left -= 1;
    if (budget.left < 0) throw new OverrideError(`has more than ${maxOverrideRules} rules`);
    if (typeof below !== 'string' && !isRecord(below))
      throw new OverrideError(`has neither a text nor an object for "${key}"`);
    const own = typeof below === 'string' ? below : below['.'];
    if (own !== undefined && typeof own !== 'string') throw new OverrideError(`has no text for "." of "${key}"`);
    const { name, keySpec } = parseKey(key);
    const value = own === '' ? '*' : (own ?? keySpec);
    const child: OverrideRule = { parent, key, name, keySpec, value, children: new Map() };
    parent.children.set(key, child);
    if (typeof below !== 'string') addChildren(child, below, budget);
  }
}

function parseKey(key: string): { readonly name: string; readonly keySpec: string } {
  const problem = `has the key "${key.slice(0, 100)}", which is no name, nor a name with a range of versions`;
  if (key.length > maxKeyChars) throw new OverrideError(problem);
  try {
    const { name, fetchSpec, registry } = npa(key);
    if (name === null || fetchSpec === null || fetchSpec === undefined || registry !== true)
      throw new OverrideError(problem);
    new Range(fetchSpec);
    return { name, keySpec: fetchSpec };
  } catch (cause) {
    throw cause instanceof OverrideError ? cause : new OverrideError(problem, { cause });
  }
}

/** Applies the rules of one document; remembers what it worked out, and refuses to work without end. */
export class OverrideResolver {
  readonly #rulesets = new Map<OverrideRule, ReadonlyMap<string, readonly OverrideRule[]>>();
  readonly #conflicts = new Map<OverrideRule, Map<OverrideRule, boolean>>();
  #workLeft = 50_000_000;

  /** The rule in force for an edge out of a node where `inherited` holds: one that is about it, or the inherited one. */
  findRule(inherited: OverrideRule, name: string, spec: string): OverrideRule {
    for (const rule of this.#rulesFor(inherited, name)) {
      if (rule.keySpec === '*' || this.#touches(name, spec, rule.keySpec)) return rule;
    }
    return inherited;
  }

  /** The one that holds where both reach the same node; undefined when they contradict each other. */
  findSpecific(first: OverrideRule, second: OverrideRule): OverrideRule | undefined {
    if (isWithin(second, first)) return second;
    if (isWithin(first, second)) return first;
    if (this.doConflict(first, second)) return undefined;
    for (const rule of ancestry(second)) if (isWithin(first, rule)) return rule;
    return undefined;
  }

  /** Whether they put versions in place for one name that no version satisfies together. */
  doConflict(first: OverrideRule, second: OverrideRule): boolean {
    if (isWithin(second, first) || isWithin(first, second)) return false;
    const known = this.#conflicts.get(first) ?? new Map<OverrideRule, boolean>();
    this.#conflicts.set(first, known);
    const answer = known.get(second) ?? this.#compare(first, second);
    known.set(second, answer);
    return answer;
  }

  #compare(first: OverrideRule, second: OverrideRule): boolean {
    const others = new Map([...this.#rulesetOf(second).values()].flat().map((rule) => [rule.key, rule]));
    for (const rule of [...this.#rulesetOf(first).values()].flat()) {
      this.#work(1);
      const other = others.get(rule.key);
      if (other === undefined || other === rule || rule.value.startsWith('$') || other.value.startsWith('$')) continue;
      if (this.#areApart(rule.value, other.value)) return true;
    }
    return false;
  }

  #areApart(left: string, right: string): boolean {
    this.#work(left.length * right.length);
    try {
      return !intersects(left, right);
    } catch {
      // Not both are ranges: nothing can be said.
      return false;
    }
  }

  #touches(name: string, spec: string, keySpec: string): boolean {
    let asked: npa.Result;
    try {
      asked = npa(`${name}@${spec}`);
    } catch {
      return false;
    }
    const wanted = asked.type === 'alias' ? (asked as npa.AliasResult).subSpec : asked;
    const range = wanted.type === 'git' ? wanted.gitRange : wanted.fetchSpec;
    // A tag or a file has no version that could be compared: the rule is taken.
    if (wanted.type !== 'git' && wanted.type !== 'range' && wanted.type !== 'version') return true;
    if (range === undefined || range === null) return false;
    this.#work(range.length * keySpec.length);
    try {
      return intersects(range, keySpec);
    } catch {
      return false;
    }
  }

  #rulesFor(inherited: OverrideRule, name: string): readonly OverrideRule[] {
    return this.#rulesetOf(inherited).get(name) ?? [];
  }

  /** All rules that can be seen from one, nearest first; by name. */
  #rulesetOf(inherited: OverrideRule): ReadonlyMap<string, readonly OverrideRule[]> {
    const known = this.#rulesets.get(inherited);
    if (known !== undefined) return known;
    const byKey = new Map<string, OverrideRule>();
    for (const rule of ancestry(inherited)) {
      for (const child of rule.children.values()) if (!byKey.has(child.key)) byKey.set(child.key, child);
      if (rule.parent !== undefined && !byKey.has(rule.key)) byKey.set(rule.key, rule);
      this.#work(rule.children.size);
    }
    const byName = Map.groupBy(byKey.values(), ({ name }) => name);
    this.#rulesets.set(inherited, byName);
    return byName;
  }

  #work(amount: number): void {
    this.#workLeft -= amount;
    if (this.#workLeft < 0) throw new OverrideError('takes too long to be compared with all dependencies');
  }
}

function* ancestry(rule: OverrideRule): Generator<OverrideRule> {
  for (let one: OverrideRule | undefined = rule; one !== undefined; one = one.parent) yield one;
}

function isWithin(rule: OverrideRule, outer: OverrideRule): boolean {
  for (const one of ancestry(rule)) if (one === outer) return true;
  return false;
}
