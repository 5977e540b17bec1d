/**
 * What functions give by chance, or from some day on: the one sabotage that nobody sees until somebody compares. Only tests
 * that are such by their own words, or by what a variable in them was given, are looked at closely.
 */
import type { Guard } from '../model/behavior.ts';
import type { GuardFinder } from './guards.ts';
import { type AnswerSite, type Binding, findBinding, type MemberWriteSite, type Node, type Scope } from './scope.ts';
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
  const mayAskDay = readsMonth.test(setting.text) && readsDay.test(setting.text);
  const asked = new Map<Node, boolean>();
  for (const site of sites) {
    const { test, scope, negated } = site.condition;
    // Of the two ways that a test decides, one is enough.
    if (negated || (site.isAside === true && !mayAskDay)) continue;
    let isAsked = asked.get(test);
    if (isAsked === undefined) {
      isAsked = tellsAt(test, scope, setting.text);
      asked.set(test, isAsked);
    }
    if (!isAsked || (site.isAside !== true && !isAnswer(site))) continue;
    if (site.isAside === true && !writtenOf(test, scope, setting.text).some((text) => dayOfYear.test(text))) continue;
    const guard = setting.guards.find(site.condition).at(-1);
    if (guard !== undefined && decides(guard, site) && (site.isAside === true || !isMadeOfDraw(site)))
      setting.draft.add(site, { kind: 'answer', api: describe(site) });
  }
}

/** `if (byte < limit) return letters[byte]`: who draws until it fits gives what was drawn. */
function isMadeOfDraw({ node, scope, condition: { test } }: AnswerSite): boolean {
  const drawn = namesIn(test, scope).filter(({ writes }) =>
    writes.some((write) => write.kind === 'value' || write.kind === 'each'),
  );
  const given = node.type === 'ReturnStatement' ? node.argument : node.right;
  return given !== null && drawn.length > 0 && namesIn(given, scope).some((one) => drawn.includes(one));
}

/** Which of two things is given by chance is what some functions are for. */
function decides({ test, fixed, text }: Guard, { isChoice, isAside }: AnswerSite): boolean {
  if (fixed !== true) return false;
  if (isAside === true) return test === 'date';
  return test === 'chance'
    ? isChoice !== true
    : test === 'date' && (fixedDay.test(text) || (isChoice === true && today.test(text)));
}

const readsMonth = /\bget(?:UTC)?Month\(/;
const readsDay = /\bget(?:UTC)?Date\(/;
/** `now.getMonth() === 11 && now.getDate() === 25`, in either order and with either side first. */
const dayOfYear =
  /get(?:UTC)?Month\(\)\s*={2,3}\s*\d+\s*&&[^&|?]{0,40}get(?:UTC)?Date\(\)|\d\s*={2,3}\s*[\w$.]{1,40}get(?:UTC)?Month\(\)\s*&&[^&|?]{0,40}get(?:UTC)?Date\(\)|get(?:UTC)?Date\(\)\s*={2,3}\s*\d+\s*&&[^&|?]{0,40}get(?:UTC)?Month\(\)/;

/** `new Date().getDay() === 0`: what is so on some days of every week. */
const today =
  /\bnew Date(?:\(\))?\)?\.get(?:UTC)?(?:Day|Date|Month)\(\)\s*[=!]==?\s*\d|\d\s*[=!]==?\s*\(?new Date(?:\(\))?\)?\.get/;

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
  return writtenOf(test, scope, text).some((written) => telling.test(written) || readsMonth.test(written));
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

function describe({ node, isAside }: AnswerSite): string {
  if (isAside === true) return '? :';
  if (node.type === 'ReturnStatement') return 'return';
  return node.left.type === 'Identifier' ? `${node.left.name} =` : '=';
}
