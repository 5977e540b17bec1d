/**
 * What functions give by chance, or from some day on: the one sabotage that nobody sees until somebody compares. Only tests
 * that are such by their own words, or by what a variable in them was given, are looked at closely.
 */
import type { Guard } from '../model/behavior.ts';
import type { GuardFinder } from './guards.ts';
import { type AnswerSite, type Binding, findBinding, type Node, type Scope } from './scope.ts';
import type { SummaryDraft } from './summary-draft.ts';
import { eachChild } from './syntax.ts';

interface Setting {
  readonly guards: GuardFinder;
  readonly draft: SummaryDraft;
  readonly text: string;
}

const telling = /\brandom\b|getRandomValues|randomBytes|randomInt|\bDate\b|\bgetFullYear\b/;
/** A year, or an instant in milliseconds, and not an hour or a day of the week. */
const fixedDay = /\b20[1-9]\d\b|\b\d{12,13}\b|\b\d(?:\.\d+)?e12\b/;
const maxTest = 400;
const maxWritten = 120;
const maxWrites = 8;
const maxNames = 40;

export function readAnswers(sites: readonly AnswerSite[], setting: Setting): void {
  if (!telling.test(setting.text)) return;
  const asked = new Map<Node, boolean>();
  for (const site of sites) {
    const { test, scope, negated } = site.condition;
    // Of the two ways that a test decides, one is enough.
    if (negated) continue;
    let isAsked = asked.get(test);
    if (isAsked === undefined) {
      isAsked = tellsAt(test, scope, setting.text);
      asked.set(test, isAsked);
    }
    if (!isAsked || !isAnswer(site)) continue;
    const guard = setting.guards.find(site.condition).at(-1);
    if (guard !== undefined && decides(guard)) setting.draft.add(site, { kind: 'answer', api: describe(site) });
  }
}

function decides({ test, fixed, text }: Guard): boolean {
  return fixed === true && (test === 'chance' || (test === 'date' && fixedDay.test(text)));
}

/** By its words, or by what the variables in it were given. */
function tellsAt(test: Node, scope: Scope, text: string): boolean {
  const written = (node: Node, most: number): string =>
    text.slice(node.start ?? 0, Math.min(node.end ?? 0, (node.start ?? 0) + most));
  if (telling.test(written(test, maxTest))) return true;
  return namesIn(test, scope).some(
    ({ writes }) =>
      writes.length <= maxWrites &&
      writes.some((write) => write.kind === 'value' && telling.test(written(write.node, maxWritten))),
  );
}

function namesIn(node: Node, scope: Scope): readonly Binding[] {
  const found: Binding[] = [];
  const look = (one: Node, depth: number): void => {
    const binding = one.type === 'Identifier' ? findBinding(scope, one.name) : undefined;
    if (binding !== undefined) found.push(binding);
    if (depth < 12 && found.length < maxNames) eachChild(one, (child) => look(child, depth + 1));
  };
  look(node, 0);
  return found;
}

/** Not what says that there is none, and of variables only what the function was given. */
function isAnswer({ node, scope }: AnswerSite): boolean {
  if (node.type === 'AssignmentExpression') {
    const { left } = node;
    if (left.type !== 'Identifier' || isNothing(node.right)) return false;
    return findBinding(scope, left.name)?.writes.some(({ kind }) => kind === 'parameter') === true;
  }
  return node.argument !== null && !isNothing(node.argument);
}

function isNothing(node: Node): boolean {
  if (node.type === 'Literal') return node.value === null || typeof node.value === 'boolean';
  if (node.type === 'UnaryExpression') return node.operator === 'void' || node.operator === '!';
  return node.type === 'Identifier' && node.name === 'undefined';
}

function describe({ node }: AnswerSite): string {
  if (node.type === 'ReturnStatement') return 'return';
  return node.left.type === 'Identifier' ? `${node.left.name} =` : '=';
}
