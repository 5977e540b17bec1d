/** Everything that one run judged, for a reviewer: one lockfile or many, and those that could not be judged. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Conclusion } from '../model/verdict.ts';
import { formatCount } from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import { renderCheckMarkdown } from './render-check-markdown.ts';

/** A lockfile and what came of it. */
export type CheckOutcome =
  | { readonly lockfile: string; readonly check: CheckVerdict }
  /** It could not be judged: one sentence, and what to do. */
  | { readonly lockfile: string | undefined; readonly problem: string; readonly hint: string };

/** The least in which a check can be told at all. */
const minChars = 2_000;
const charsForRest = 1_000;

/** @param outcomes Worst first. */
export function renderChecksMarkdown(outcomes: readonly CheckOutcome[], maxChars: number): string {
  const room = Math.max(1, Math.floor((maxChars - charsForRest) / minChars));
  const shown = outcomes.slice(0, room);
  let left = maxChars - charsForRest;
  const texts: string[] = [];
  for (const [at, outcome] of shown.entries()) {
    // What the first ones do not need is there for the others.
    const text = renderOutcome(outcome, Math.floor(left / (shown.length - at)));
    left -= new TextEncoder().encode(text).length + 1;
    texts.push(text);
  }
  const hidden = outcomes.length - shown.length;
  const rest = Markdown.of`**For want of room ${formatCount(hidden)} more lockfiles are left out.** The JSON report has them.`;
  return [...texts, ...(hidden === 0 ? [] : [`${rest}\n`])].join('\n');
}

/** When there is nothing to judge. */
export function renderNothing(sentence: string): string {
  return `${Markdown.of`### Sluice: nothing to judge. ${sentence}.`}\n`;
}

function renderOutcome(outcome: CheckOutcome, maxChars: number): string {
  if ('check' in outcome) return renderCheckMarkdown(outcome.check, { maxChars });
  const { lockfile, problem, hint } = outcome;
  const subject = lockfile === undefined ? Markdown.of`` : Markdown.of` ${Markdown.code(lockfile)}`;
  return `${Markdown.of`### Sluice: not judged.${subject}

${problem}

**${Markdown.prose(hint)}**`}\n`;
}

/** The worse, the higher; what could not be judged at all is the worst but a block. */
const rank: Readonly<Record<Conclusion | 'error', number>> = { allow: 0, review: 1, undecided: 2, error: 3, block: 4 };

export function concludeOutcome(outcome: CheckOutcome): Conclusion | 'error' {
  return 'check' in outcome ? outcome.check.result : 'error';
}

export function sortOutcomes(outcomes: readonly CheckOutcome[]): readonly CheckOutcome[] {
  return outcomes.toSorted((left, right) => rank[concludeOutcome(right)] - rank[concludeOutcome(left)]);
}
