/** `sluice rules` and `sluice explain`: the rules in their own words. */
import { distance } from 'fastest-levenshtein';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { renderRule, renderRuleList } from '../report/render-rule.ts';
import type { Answer } from './answer.ts';
import { paintStdout, stdoutColumns } from './terminal.ts';

export function listRules(): Answer {
  return { exit: 0, text: renderRuleList(rules, { columns: stdoutColumns(), paint: paintStdout }) };
}

export function explainRule(id: string): Answer {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) {
    return { exit: 0, text: renderRule(rule, { columns: stdoutColumns(), paint: paintStdout }) };
  }
  const typed = id.slice(0, 100);
  const nearest = rules.toSorted((left, right) => distance(typed, left.id) - distance(typed, right.id))[0];
  const suggestion = nearest === undefined ? '' : ` Did you mean ${nearest.id}?`;
  throw new GuardError('usage', `There is no rule called "${id}".${suggestion} \`sluice rules\` lists them all.`);
}
