/** Records through which calls each function of a file may be entered, so that its parameters can be followed. */
import {
  type CallNode,
  type CallSite,
  type Entrance,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Scope,
} from './scope.ts';
import { isFunctionNode, propertyName } from './syntax.ts';

const maxEntrances = 16;

/** @returns The functions of the file that each call certainly or possibly enters, as far as names alone tell. */
export function linkCalls(sites: FileSites): ReadonlyMap<CallSite, readonly Fn[]> {
  const targets = new Map<CallSite, readonly Fn[]>();
  const viaParameter: CallSite[] = [];
  for (const site of sites.calls) {
    const called = calledDirectly(site, sites);
    if (called === 'parameter') viaParameter.push(site);
    else if (called !== undefined) {
      // A name may hold more than the functions that its writes show: it is evaluated.
      if (!isNamed(site)) targets.set(site, called.fns);
      // What `apply` passes stands in a list, and is not followed.
      if (called.skip !== undefined)
        for (const fn of called.fns) enter(fn, { kind: 'call', site, argument: called.skip });
    } else linkCallbacks(site, sites);
  }
  // `factory(exports)` inside a wrapper: what the parameter is becomes known only through the calls above.
  for (const site of viaParameter) {
    const { node, scope } = site;
    if (!('callee' in node) || node.callee.type !== 'Identifier') continue;
    const passed = functionsPassed(node.callee.name, scope, sites);
    targets.set(site, passed);
    for (const fn of passed) enter(fn, { kind: 'call', site, argument: 0 });
  }
  return targets;
}

/** The functions that the calls found so far pass for a parameter. */
function functionsPassed(name: string, scope: Scope, sites: FileSites): Fn[] {
  const found: Fn[] = [];
  for (const write of findBinding(scope, name)?.writes ?? []) {
    if (write.kind !== 'parameter' || write.rest || write.path.length > 0) continue;
    for (const { kind, site, argument } of write.fn.entrances) {
      const passed =
        kind === 'call' && 'arguments' in site.node ? site.node.arguments[argument + write.index] : undefined;
      if (passed !== undefined) found.push(...functionsNamed(passed, site.scope, sites));
    }
  }
  return found;
}

function enter(fn: Fn, entrance: Entrance): void {
  if (fn.entrances.length < maxEntrances) fn.entrances.push(entrance);
}

function linkCallbacks(site: CallSite, sites: FileSites): void {
  listArguments(site.node).forEach((node, argument) => {
    for (const fn of functionsNamed(node, site.scope, sites)) enter(fn, { kind: 'callback', site, argument });
  });
}

/** What a call is given; what `apply` is given as a list, one by one. */
export function listArguments(node: CallNode): readonly Node[] {
  if (!('arguments' in node)) return [];
  const { callee } = node;
  const name = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
  const last = name === 'apply' ? node.arguments.at(-1) : undefined;
  if (last?.type !== 'ArrayExpression') return node.arguments;
  return [...node.arguments.slice(0, -1), ...last.elements.filter((element) => element !== null)];
}

function isNamed({ node }: CallSite): boolean {
  return 'callee' in node && node.callee.type === 'Identifier';
}

interface DirectCall {
  readonly fns: readonly Fn[];
  /** How many arguments come before the function's own: one for `f.call(this, …)`. Undefined where they come otherwise. */
  readonly skip: number | undefined;
}

function calledDirectly({ node, scope }: CallSite, sites: FileSites): DirectCall | 'parameter' | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  let callee: Node = node.callee;
  if (callee.type === 'SequenceExpression') callee = callee.expressions.at(-1) ?? callee;
  let skip: number | undefined = 0;
  const method = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
  if (callee.type === 'MemberExpression' && (method === 'call' || method === 'apply')) {
    callee = callee.object;
    skip = method === 'call' ? 1 : undefined;
  }
  const fns = functionsNamed(callee, scope, sites);
  if (fns.length > 0) return { fns, skip };
  if (skip !== 0 || callee.type !== 'Identifier') return undefined;
  const binding = findBinding(scope, callee.name);
  return binding?.writes.some((write) => write.kind === 'parameter') ? 'parameter' : undefined;
}

/** The functions an expression certainly names without evaluating anything. */
export function functionsNamed(node: Node, scope: Scope, sites: Pick<FileSites, 'fnOf'>): Fn[] {
  if (isFunctionNode(node)) {
    const fn = sites.fnOf.get(node);
    return fn === undefined ? [] : [fn];
  }
  if (node.type === 'ParenthesizedExpression') return functionsNamed(node.expression, scope, sites);
  const bound = boundBy(node);
  if (bound !== undefined) return functionsNamed(bound, scope, sites);
  if (node.type !== 'Identifier') return [];
  const found: Fn[] = [];
  for (const write of findBinding(scope, node.name)?.writes ?? []) {
    if (write.kind === 'function') found.push(write.fn);
    if (write.kind === 'value' && write.path.length === 0 && isFunctionNode(write.node)) {
      const fn = sites.fnOf.get(write.node);
      if (fn !== undefined) found.push(fn);
    }
  }
  return found;
}

/** The `f` of `f.bind(…)`. */
export function boundBy(node: Node): Node | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node.callee;
  return propertyName(property, computed) === 'bind' ? object : undefined;
}
