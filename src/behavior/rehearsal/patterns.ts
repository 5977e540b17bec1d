/**
 * Regular expressions of the program, as far as matching them is cheap whatever the text: at most one open repetition,
 * nothing repeated in groups, no look-around, no back-references. Their author may be hostile.
 */
import { type Held, isPlain, isThing, listOf, marked, originsOf, type Pattern, unsure, wordOf } from './held.ts';
import type { MethodCall } from './methods.ts';
import type { Stage } from './stage.ts';

const maxSource = 200;
const maxMatched = 20_000;

/** Undefined when it is no pattern, or not a cheap one. */
export function toRegExp(held: Held, text: string): RegExp | undefined {
  if (!isThing(held) || held.kind !== 'pattern' || text.length > maxMatched || !isCheap(held.source)) return undefined;
  if (!/^[gimsu]*$/.test(held.flags)) return undefined;
  try {
    return new RegExp(held.source, held.flags);
  } catch {
    // The program would throw on it; nothing flows from it.
    return undefined;
  }
}

function isCheap(source: string): boolean {
  if (source.length > maxSource) return false;
  const bare = source.replace(/\\[\s\S]/g, 'e').replace(/\[[^\]]*\]/g, 'c');
  if (/\(\?[^:]|\\[1-9k]/.test(source) || /\)[*+?{]/.test(bare)) return false;
  const open = bare.match(/[*+]|\{\d*,\}/g)?.length ?? 0;
  return open <= 1 && !/\{\d{4,}|\{\d+,\d{4,}/.test(bare);
}

interface Matching {
  readonly name: string;
  readonly pattern: Held;
  readonly origins: number;
}

/** `text.match(pattern)` and its like. */
export function matchText(text: string, { name, pattern, origins }: Matching): Held {
  const expression = toRegExp(pattern, text);
  if (expression === undefined) return unsure(origins);
  if (name === 'search') return marked(text.search(expression), origins);
  const groups = (match: readonly (string | undefined)[]): Held => listOf(match.map((part) => marked(part, origins)));
  if (name === 'matchAll')
    return expression.global ? listOf([...text.matchAll(expression)].map(groups)) : unsure(origins);
  const found = text.match(expression);
  return found === null ? null : groups(found);
}

export function callPatternMethod(stage: Stage, self: Pattern, { name, given: [held] }: MethodCall): Held {
  const text = held !== undefined && isPlain(held) ? wordOf(held) : undefined;
  const origins = originsOf(held);
  if (text === undefined || self.flags.includes('g')) return unsure(origins);
  stage.spend(text.length);
  const expression = toRegExp(self, text);
  if (expression === undefined) return unsure(origins);
  if (name === 'test') return marked(expression.test(text), origins);
  return name === 'exec' ? matchText(text, { name: 'match', pattern: self, origins }) : unsure(origins);
}
