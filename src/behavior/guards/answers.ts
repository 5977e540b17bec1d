/**
 * What functions give by chance, or from some day on: the one sabotage that nobody sees until somebody compares. Only tests
 * that are such by their own words, or by what a variable in them was given, are looked at closely.
 */
import type { Guard } from '../../model/behavior.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import {
  type AnswerSite,
  type Binding,
  findBinding,
  type MemberWriteSite,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { eachChild } from '../syntax/syntax.ts';
import { isDayOfYear } from './days-of-year.ts';
import type { GuardFinder } from './guards.ts';

interface Setting {
  readonly guards: GuardFinder;
  readonly draft: SummaryDraft;
  readonly text: string;
}

const telling = /\brandom\b|getRandomValues|randomBytes|randomInt|\bDate\b|\bget(?:UTC)?(?:FullYear|Month|Date|Day)\b/;
const maxTest = 400;
const maxWritten = 120;
const maxWrites = 8;
const maxNames = 40;

export function readAnswers(sites: readonly AnswerSite[], setting: Setting): void {
  if (!telling.test(setting.text)) return;
  const asked = new Map<Node, boolean>();
  for (const site of sites) {
    const { test, scope, negated } = site.condition;
    // Of the two ways that a test decides, one is enough; what is told of a day of the year is told there.
    if (negated || site.isAside === true || !isAnswer(site)) continue;
    let isAsked = asked.get(test);
    if (isAsked === undefined) {
      isAsked = tellsAt(test, scope, setting.text);
      asked.set(test, isAsked);
    }
    if (!isAsked) continue;
    const guard = setting.guards.find(site.condition).at(-1);
    if (guard !== undefined && decides(guard, site, setting.guards) && !isMadeOfDraw(site))
      setting.draft.add(site, { kind: 'answer', api: describeAnswer(site) });
  }
}

/** `if (byte < limit) return letters[byte]`: who draws until it fits gives what was drawn. */
function isMadeOfDraw({ node, scope, condition: { test } }: AnswerSite): boolean {
  const own = node.type === 'ReturnStatement' ? undefined : node.right;
  const drawn = namesIn(test, scope).filter(({ writes }) =>
    writes.some((write) => write.kind === 'each' || (write.kind === 'value' && write.node !== own)),
  );
  const given = node.type === 'ReturnStatement' ? node.argument : node.right;
  return given !== null && drawn.length > 0 && namesIn(given, scope).some((one) => drawn.includes(one));
}

/** From some day on, or on some days of every week or month; which of two things is given by chance is what some functions are for. */
function decides({ test, fixed }: Guard, { condition, isChoice }: AnswerSite, guards: GuardFinder): boolean {
  if (fixed !== true) return false;
  if (test === 'chance') return isChoice !== true;
  if (test !== 'date') return false;
  const parts = guards.partsOf(condition);
  if (isDayOfYear(parts)) return false;
  if (parts.has('year') || parts.has('instant')) return true;
  return isChoice === true && [...parts].some(([part, how]) => part !== 'hour' && how === 'equal');
}

const ofProject = /npm_package_|package\.json|userInfo|\bUSER(?:NAME)?\b/;

/** What a package exports only for a project, or a user, of one name. */
export function readExportsForSome(sites: readonly MemberWriteSite[], { guards, draft, text }: Setting): void {
  if (!ofProject.test(text)) return;
  for (const site of sites) {
    const { left } = site.node;
    if (
      // What follows after an error for some is for all others.
      site.condition?.negated !== false ||
      !/^(?:module\.)?exports\b/.test(text.slice(left.start ?? 0, (left.start ?? 0) + 20))
    )
      continue;
    if (guards.find(site.condition).some(({ test, fixed }) => test === 'user' && fixed === true))
      draft.add(site, { kind: 'answer', api: 'exports =' });
  }
}

/** By its words, or by what the variables in it were given. */
function tellsAt(test: Node, scope: Scope, text: string): boolean {
  return writtenOf(test, scope, text).some((written) => telling.test(written));
}

function writtenOf(test: Node, scope: Scope, text: string): readonly string[] {
  const written = (node: Node, most: number): string =>
    text.slice(node.start ?? 0, Math.min(node.end ?? 0, (node.start ?? 0) + most));
  const given = namesIn(test, scope).flatMap(({ writes }) =>
    writes.length > maxWrites ? [] : writes.flatMap((write) => (write.kind === 'value' ? [write.node] : [])),
  );
  return [written(test, maxTest), ...given.map((node) => written(node, maxWritten))];
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

export function describeAnswer({ node, isAside }: AnswerSite): string {
  if (isAside === true) return '? :';
  if (node.type === 'ReturnStatement') return 'return';
  return node.left.type === 'Identifier' ? `${node.left.name} =` : '=';
}
