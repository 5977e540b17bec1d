/** Objects that everybody shares: a write to one of their members is told, by assignment or by a call that assigns. */
import type { Evaluator } from './evaluate.ts';
import type { Relevance } from './relevance.ts';
import type { CallNode, CallSite, Condition, MemberWriteSite, Node, Scope, Site } from './scope.ts';
import { isShared, sharedMembers } from './shared-members.ts';
import type { SummaryDraft } from './summary-draft.ts';
import { propertyName } from './syntax.ts';
import { alternatives, constantOf, referenceNames, type Value } from './value.ts';

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
/** A name that the text does not tell. */
const anyMember = '[…]';
/** Members that one call may write. */
const maxMembers = 40;

export interface PatchSetting {
  readonly names: Evaluator;
  readonly relevance: Relevance;
  readonly draft: SummaryDraft;
  readonly text: string;
}

export class PatchReader {
  readonly #setting: PatchSetting;

  constructor(setting: PatchSetting) {
    this.#setting = setting;
  }

  /** @param target What the member is written to, as far as its name is known. */
  readWrite(site: MemberWriteSite, target: string, member: string): void {
    if (!isShared(target, member)) return;
    const { operator, right } = site.node;
    if (operator === '=' && this.#givesBack(right, site.scope, { target, member })) return;
    const fills =
      operator === '||=' ||
      operator === '??=' ||
      (right.type === 'LogicalExpression' && this.#mentions(right.left, member));
    this.#add(site, { target, member, fills });
  }

  /** `console.log = before`, `console.log = print`: what is put there is the platform's own. */
  #givesBack(right: Node, scope: Scope, { target, member }: Omit<Patch, 'fills'>): boolean {
    if (right.type === 'AssignmentExpression') return this.#givesBack(right.right, scope, { target, member });
    if (right.type !== 'Identifier' && right.type !== 'ConditionalExpression') return false;
    const own = target === 'console' ? printers : new Set<string>();
    const given = alternatives(this.#setting.names.evaluate(right, scope));
    return given.every((one) => one.kind === 'reference' && (one.name === `${target}.${member}` || own.has(one.name)));
  }

  readCall(site: CallSite, api: string): void {
    const [holder, key, ...others] = listPassed(site.node);
    if (holder === undefined || key === undefined || !this.#setting.relevance.mayBeOutside(holder, site.scope)) return;
    const target = referenceNames(this.#setting.names.evaluate(holder, site.scope)).find((name) =>
      sharedMembers.has(name),
    );
    if (target === undefined) return;
    const byTable = api === 'Object.assign' || api === 'Object.defineProperties';
    const members = byTable ? [key, ...others].flatMap(keysOf) : this.#constantsOf(key, site.scope);
    for (const member of members.slice(0, maxMembers))
      if (isShared(target, member)) this.#add(site, { target, member, fills: false });
    if (members.length === 0 && !byTable) this.readOpenWrite(site, target);
  }

  /** `provider[name] = …`: whichever it is, nothing of such an object is the package's own. */
  readOpenWrite(site: CallSite | MemberWriteSite, target: string): void {
    if (isShared(target, anyMember)) this.#add(site, { target, member: anyMember, fills: false });
  }

  #constantsOf(key: Node, scope: Scope): string[] {
    const value: Value = this.#setting.names.evaluate(key, scope);
    return alternatives(value).flatMap((one) => {
      const name = constantOf(one)?.value;
      return typeof name === 'string' ? [name] : [];
    });
  }

  #add(site: CallSite | MemberWriteSite, { target, member, fills }: Patch): void {
    const marks = fills || this.#isMissing(site, member) ? (['fills-gap'] as const) : [];
    this.#setting.draft.add(site, { kind: 'global-patch', api: `${target}.${member}`, marks });
  }

  #mentions(node: Node, member: string): boolean {
    return this.#setting.text.slice(node.start ?? 0, Math.min(node.end ?? 0, (node.start ?? 0) + 400)).includes(member);
  }

  /** Whether a test over the site found that the member is not there. */
  #isMissing({ condition }: Site, member: string): boolean {
    for (let at: Condition | undefined = condition; at !== undefined; at = at.outer) {
      if (!this.#mentions(at.test, member)) continue;
      if (this.#asksForAbsence(at.test, member) !== at.negated) return true;
    }
    return false;
  }

  #asksForAbsence(test: Node, member: string): boolean {
    const text = this.#setting.text.slice(test.start ?? 0, Math.min(test.end ?? 0, (test.start ?? 0) + 400));
    const name = member.replaceAll(/[^\w]/g, '.');
    return new RegExp(
      `![^=]*${name}\\b(?!.*[!=]=)|${name}\\W*={2,3}\\s*(?:["']undefined|undefined|null|void 0|void\\(0)|${name}\\W*!==?\\s*["'](?:function|object)|["']undefined["']\\s*={2,3}[^=]*${name}`,
    ).test(text);
  }
}

/** Without what `call`, `apply` and `Reflect.apply` take for themselves. */
function listPassed(node: CallNode): readonly Node[] {
  if (!('arguments' in node)) return [];
  const { callee } = node;
  const method = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
  if (method === 'call') return node.arguments.slice(1);
  const last = node.arguments.at(-1);
  if (method !== 'apply' || last?.type !== 'ArrayExpression') return node.arguments;
  return last.elements.filter((element) => element !== null);
}

interface Patch {
  readonly target: string;
  readonly member: string;
  readonly fills: boolean;
}

function keysOf(node: Node): string[] {
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) =>
    property.type === 'Property' ? (propertyName(property.key, property.computed) ?? []) : [],
  );
}
