/** Records through which calls each function of a file may be entered, so that its parameters can be followed. */
import { unwrapCompiled, wrappedByCompiler } from '../syntax/compiled-async.ts';
import {
  type CallNode,
  type CallSite,
  type Entrance,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';

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
    } else {
      linkCallbacks(site, sites);
      linkMethod(site, sites);
    }
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

/** Names under which more functions than these are stored tell nothing. */
const maxMethods = 2;
/** Names that most objects of the outside have too. */
const ordinary: ReadonlySet<string> = new Set(
  `apply bind call catch concat end every filter find forEach get has includes indexOf join keys map match next on once
  pop push reduce replace resolve send set shift slice some sort splice split test then toString trim write`.split(
    /\s+/,
  ),
);

/** `this.run(text)`, `Loader.start(window)`, `new Loader(text)`: methods are linked by their names, where those are rare. */
function linkMethod(site: CallSite, { methods, fnOf }: FileSites): void {
  const { node, scope } = site;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return;
  const { callee } = node;
  if (node.type === 'NewExpression' && callee.type === 'Identifier') {
    for (const write of findBinding(scope, callee.name)?.writes ?? []) {
      const made = write.kind === 'class' ? write.node : write.kind === 'value' ? write.node : undefined;
      if (made?.type !== 'ClassDeclaration' && made?.type !== 'ClassExpression') continue;
      for (const element of made.body.body) {
        if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') continue;
        const fn = fnOf.get(element.value);
        if (fn !== undefined) enter(fn, { kind: 'method', site, argument: 0 });
      }
    }
    return;
  }
  if (callee.type !== 'MemberExpression') return;
  const name = propertyName(callee.property, callee.computed);
  if (name === undefined || (ordinary.has(name) && !isOwn(callee.object, scope))) return;
  const stored = methods.get(name) ?? [];
  if (stored.length > maxMethods) return;
  for (const { node: method } of stored) {
    const fn = fnOf.get(method);
    if (fn !== undefined) enter(fn, { kind: 'method', site, argument: 0 });
  }
}

/** `this`, or a class of the file. */
function isOwn(object: Node, scope: Scope): boolean {
  if (object.type === 'ThisExpression') return true;
  const binding = object.type === 'Identifier' ? findBinding(scope, object.name) : undefined;
  return binding?.writes.some(({ kind }) => kind === 'class') === true;
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

/** The functions an expression certainly names without evaluating anything. Asked once all is collected. */
export function functionsNamed(node: Node, scope: Scope, sites: Pick<FileSites, 'fnOf'>): readonly Fn[] {
  if (isFunctionNode(node)) {
    const fn = sites.fnOf.get(node);
    return fn === undefined ? [] : [fn];
  }
  if (node.type === 'ParenthesizedExpression') return functionsNamed(node.expression, scope, sites);
  const bound = boundBy(node);
  if (bound !== undefined) return functionsNamed(bound, scope, sites);
  const binding = node.type === 'Identifier' ? findBinding(scope, node.name) : undefined;
  if (binding === undefined) return [];
  binding.fns ??= binding.writes.flatMap((write) => {
    if (write.kind === 'function') return write.fn;
    return write.kind === 'value' && write.path.length === 0 ? (sites.fnOf.get(unwrapCompiled(write.node)) ?? []) : [];
  });
  return binding.fns;
}

/** The `f` of `f.bind(…)`, and of what compilers make of `async` functions: `_asyncToGenerator(f)`. */
export function boundBy(node: Node): Node | undefined {
  const compiled = wrappedByCompiler(node);
  if (compiled !== undefined) return compiled;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node.callee;
  return propertyName(property, computed) === 'bind' ? object : undefined;
}
