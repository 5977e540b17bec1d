/** Objects that everybody shares: a write to one of their members is told, by assignment or by a call that assigns. */

import { findGiven, type Given, toPart, valueByCallback } from '../flows/given-part.ts';
import { listReceived } from '../flows/received.ts';
import type { Relevance } from '../flows/relevance.ts';
import { asksForAbsence, asksForMark } from '../guards/asks-for-absence.ts';
import { GapFinder, type Place } from '../guards/fills-gap.ts';
import { isForPages } from '../guards/for-pages.ts';
import { isOfLanguage, isShared, nameShared, sharedMembers } from '../outside/shared-members.ts';
import type { SummaryDraft } from '../summary/summary-draft.ts';
import {
  type CallSite,
  type Condition,
  findBinding,
  isFree,
  type MemberWriteSite,
  type Node,
  type Scope,
  type Site,
  type Write,
} from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives, constantOf, referenceNames, type Value } from '../values/value.ts';

/** Calls that write a member of what they are given first. */
export const patchingCalls: ReadonlySet<string> = new Set([
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.assign',
  'Reflect.set',
  'Reflect.defineProperty',
]);

/** How engines without a console print. */
const printers: ReadonlySet<string> = new Set(['print', 'printErr']);
/** Members that one call may write. */
const maxMembers = 40;
/** Parameters that one object may be. */
const maxWays = 2;
/** A member whose name is not known. */
const anyMember = '[…]';

export interface PatchSetting {
  readonly names: Evaluator;
  readonly relevance: Relevance;
  readonly draft: SummaryDraft;
  readonly text: string;
}

/** What a member is written to. */
export interface Written {
  readonly holder: Node;
  /** Of the outside, as far as the names are known. */
  readonly names: readonly string[];
  /** What the caller of a function gave it: which object that is, each call tells. */
  readonly given: readonly Given[];
}

export class PatchReader {
  readonly #setting: PatchSetting;
  readonly #gaps: GapFinder;

  constructor(setting: PatchSetting) {
    this.#setting = setting;
    this.#gaps = new GapFinder(setting.names, setting.text);
  }

  /** @param targets What the holder is found to be, all ways to it together. */
  findWritten(holder: Node, scope: Scope, targets: readonly string[]): Written {
    if (isOwn(holder, scope)) return { holder, names: [], given: [] };
    const { ways, wholly } = findGiven(holder, scope);
    if (!wholly || targets.length === 0) return { holder, names: targets, given: ways };
    const names = ways.flatMap((way) => referenceNames(valueByCallback(this.#setting.names, way)));
    return { holder, names, given: ways };
  }

  readWrite(site: MemberWriteSite, written: Written, member: string): void {
    const { operator, right } = site.node;
    this.#add(site, written, {
      member,
      fills: operator === '||=' || operator === '??=',
      value: right,
      put: operator === '=' ? this.#namesPut(right, site.scope, written) : [],
      forPages: operator === '=' && isForPages(site, this.#setting.text),
    });
  }

  /** `console.log = before`, `console.log = print`: what is put there is the platform's own. */
  #namesPut(right: Node, scope: Scope, written: Written): readonly string[] {
    if (right.type === 'AssignmentExpression') return this.#namesPut(right.right, scope, written);
    if (right.type !== 'Identifier' && right.type !== 'ConditionalExpression') return [];
    const isKnown = written.names.some((name) => sharedMembers.has(name));
    if (!isKnown && !this.#setting.relevance.mayBeOutside(right, scope)) return [];
    const put = alternatives(this.#setting.names.evaluate(right, scope));
    return put.flatMap((one) => (one.kind === 'reference' ? [one.name] : ['']));
  }

  readCall(site: CallSite, api: string): void {
    const [holder, key, ...others] = listReceived(site).flatMap(({ index, node }) => (index < 0 ? [] : [node]));
    if (holder === undefined || key === undefined || givesItself(others[0])) return;
    const written = this.findWritten(holder, site.scope, this.#namesOf(holder, site.scope));
    if (written.given.length === 0 && !written.names.some((name) => sharedMembers.has(name))) return;
    const byTable = api === 'Object.assign' || api === 'Object.defineProperties';
    const members = byTable ? [key, ...others].flatMap(keysOf) : this.membersOf(key, site.scope);
    if (members.length === 0 && !byTable) this.readOpenWrite(site, written, key);
    for (const member of members.slice(0, maxMembers)) this.#add(site, written, { member, fills: false, put: [] });
  }

  /** `provider[name] = …`: whichever it is, nothing of such an object is the package's own. */
  readOpenWrite(site: CallSite | MemberWriteSite, written: Written, key: Node): void {
    this.#add(site, written, { member: anyMember, fills: false, put: [], key: findGiven(key, site.scope).ways[0] });
  }

  #namesOf(holder: Node, scope: Scope): readonly string[] {
    const { relevance, names } = this.#setting;
    return relevance.mayBeOutside(holder, scope) ? referenceNames(names.evaluate(holder, scope)) : [];
  }

  /** The names that a computed key may be. */
  membersOf(key: Node, scope: Scope): readonly string[] {
    const { names } = this.#setting;
    const { ways, wholly } = findGiven(key, scope);
    // `['readFile', 'open'].forEach((name) => …)`
    const walked = ways.flatMap((way) => textsOf(valueByCallback(names, way)));
    if (walked.length > 0) return walked;
    const known = names.acted(key) ?? names.evaluate(key, scope);
    // Which of the names that calls give goes with which object, the calls tell.
    return wholly && known.kind === 'union' ? [] : textsOf(known);
  }

  #add(
    site: CallSite | MemberWriteSite,
    { holder, names, given }: Written,
    { member, fills, value, put, key, forPages }: Patch,
  ): void {
    const target = names.find((name) => isPatched(name, { member, put }));
    if (target === undefined && given.length === 0) return;
    const place = { holder, scope: site.scope, member, names };
    const gapMarks = fills || this.#fillsGap(site, place, value) ? (['fills-gap'] as const) : [];
    const marks = forPages === true ? ([...gapMarks, 'for-pages'] as const) : gapMarks;
    const { draft } = this.#setting;
    if (target !== undefined) draft.add(site, { kind: 'global-patch', api: `${nameShared(target)}.${member}`, marks });
    for (const way of given.slice(0, maxWays)) {
      const memberAt = key?.fn === way.fn && key.path.length === 0 ? { memberAt: key.index } : {};
      draft.addGiven(site, { part: toPart(way), member, put, marks, ...memberAt });
    }
  }

  #mentions(node: Node, member: string): boolean {
    return this.#setting.text.slice(node.start ?? 0, Math.min(node.end ?? 0, (node.start ?? 0) + 400)).includes(member);
  }

  #fillsGap(site: Site, place: Place, value: Node | undefined): boolean {
    if (this.#gaps.isFilled(place, site.condition)) return true;
    if (value !== undefined && this.#gaps.isFilledBy(place, value)) return true;
    return isOfLanguage(place.names.length === 0 ? undefined : place.names, place.member)
      ? this.#mayBeMissing(site, place.member, value)
      : false;
  }

  /** Whether something over the site asks for the member in words, and may find that it is not there, or broken. */
  #mayBeMissing({ condition }: Site, member: string, value: Node | undefined): boolean {
    if (value?.type === 'LogicalExpression' && value.operator !== '&&' && this.#mentions(value.left, member))
      return true;
    for (let at: Condition | undefined = condition; at !== undefined; at = at.outer) {
      if (!this.#mentions(at.test, member)) continue;
      if (asksForMark(at.test, member)) continue;
      const mentions = (part: Node): boolean => this.#mentions(part, member);
      if (asksForAbsence(at.test, mentions) !== at.negated) return true;
    }
    return false;
  }
}

/** `{ get() { return this; } }`: who asks for it gets what he asks. The global object is found so where it has no name. */
function givesItself(descriptor: Node | undefined): boolean {
  if (descriptor?.type !== 'ObjectExpression') return false;
  return descriptor.properties.some((property) => {
    if (property.type !== 'Property' || propertyName(property.key, property.computed) !== 'get') return false;
    const { value } = property;
    if (value.type !== 'FunctionExpression' || value.body?.body.length !== 1) return false;
    const [only] = value.body.body;
    return only?.type === 'ReturnStatement' && only.argument?.type === 'ThisExpression';
  });
}

/** What is made of a prototype is read like it, and written for itself alone: `const one = Object.create(Object.prototype)`. */
function isOwn(holder: Node, scope: Scope): boolean {
  if (holder.type !== 'Identifier') return false;
  const writes = findBinding(scope, holder.name)?.writes ?? [];
  const values = writes.flatMap((write) => (write.kind === 'value' ? [write] : []));
  // A compiler's helper forgets what it made by `g = 0`.
  return (
    values.length === writes.length && values.some(isMade) && values.every((one) => isMade(one) || isNothing(one.node))
  );
}

function isMade({ node, scope, path }: Extract<Write, { kind: 'value' }>): boolean {
  if (path.length > 0 || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { object, property, computed } = node.callee;
  return propertyName(property, computed) === 'create' && isFree(object, /^Object$/, scope);
}

function isNothing(node: Node): boolean {
  return node.type === 'Literal' && (node.value === 0 || node.value === null);
}

function textsOf(value: Value): readonly string[] {
  return alternatives(value).flatMap((one) => {
    const text = constantOf(one)?.value;
    return typeof text === 'string' ? [text] : [];
  });
}

interface Patch {
  readonly member: string;
  readonly fills: boolean;
  /** What is written, where the text shows it. */
  readonly value?: Node;
  /** What is put there, where that is something of the outside. */
  readonly put: readonly string[];
  /** Who names the member, where its name is not known. */
  readonly key?: Given | undefined;
  readonly forPages?: boolean;
}

/** Whether a write to a member of it is worth telling. */
export function isPatched(target: string, { member, put }: Pick<Patch, 'member' | 'put'>): boolean {
  if (!isShared(target, member)) return false;
  const own = (name: string): boolean => name === `${target}.${member}` || (target === 'console' && printers.has(name));
  return put.length === 0 || !put.every(own);
}

function keysOf(node: Node): string[] {
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) =>
    property.type === 'Property' ? (propertyName(property.key, property.computed) ?? []) : [],
  );
}
