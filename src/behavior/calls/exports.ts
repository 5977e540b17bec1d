/** What a file exports: names, the functions behind them, and what it passes on from other files. */

import { may } from '../flows/may-be.ts';
import type { Relevance } from '../flows/relevance.ts';
import type { ExportSummary } from '../summary/file-summary.ts';
import type { CallSite, FileSites } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { parseLocalReference } from '../values/references.ts';
import { alternatives, constantOf, type ObjectValue, referenceNames, type Value } from '../values/value.ts';

interface ExportSetting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
  readonly mentioned: boolean;
}

interface Draft {
  readonly evaluator: Evaluator;
  readonly fns: Map<string, number[]>;
  readonly names: Set<string>;
  readonly from: { name: string | undefined; specifier: string; member: string }[];
  complete: boolean;
}

/** @param mentioned Whether the text names `exports` at all. */
export function summarizeExports(sites: FileSites, { evaluator, relevance, mentioned }: ExportSetting): ExportSummary {
  const draft: Draft = { evaluator, fns: new Map(), names: new Set(), from: [], complete: true };
  for (const one of sites.exports) {
    if (one.kind === 'all') draft.from.push({ name: undefined, specifier: one.module, member: '*' });
    else if (one.kind === 'from') {
      draft.names.add(one.name);
      draft.from.push({ name: one.name, specifier: one.module, member: one.member });
    } else exportValue(draft, one.name, evaluator.evaluate(one.node, one.scope));
  }
  for (const { node, scope } of sites.memberWrites) {
    const { left, right } = node;
    if (left.type !== 'MemberExpression') continue;
    if ((relevance.bits(left.object, scope) & (may.exported | may.load)) === 0) continue;
    const targets = referenceNames(evaluator.evaluate(left.object, scope));
    const member = propertyName(left.property, left.computed);
    if (targets.includes('module') && member === 'exports') exportWhole(draft, evaluator.evaluate(right, scope));
    else if (targets.includes('module.exports') || targets.includes('exports')) {
      if (member === undefined) draft.complete = false;
      else exportValue(draft, member, evaluator.evaluate(right, scope));
    }
  }
  if (mentioned) for (const site of sites.calls) exportByCall(draft, site);
  const { fns, names, from, complete } = draft;
  return { fns, names, from, complete };
}

const maxParents = 16;

function exportValue(draft: Draft, name: string, value: Value): void {
  draft.names.add(name);
  for (const one of alternatives(value)) {
    addCallable(draft, name, one);
    const local = one.kind === 'reference' ? parseLocalReference(one.name) : undefined;
    if (local !== undefined)
      draft.from.push({ name, specifier: local.specifier, member: local.member === '' ? '*' : local.member });
  }
}

/** A function, or a class with the classes it extends: calling it calls their constructors. */
function addCallable(draft: Draft, name: string, value: Value): void {
  let parents: readonly Value[] = [value];
  for (let depth = 0; depth < maxParents && parents.length > 0; depth += 1) {
    for (const one of parents) {
      const fn = one.kind === 'class' ? draft.evaluator.constructorOf(one.node) : undefined;
      if (one.kind === 'function') addFn(draft, name, one.fn.id);
      if (fn !== undefined) addFn(draft, name, fn.id);
    }
    parents = parents.flatMap((one) =>
      one.kind === 'class' && one.node.superClass !== null
        ? alternatives(draft.evaluator.evaluate(one.node.superClass, one.scope))
        : [],
    );
  }
}

function addFn(draft: Draft, name: string, fn: number): void {
  const known = draft.fns.get(name);
  if (known === undefined) draft.fns.set(name, [fn]);
  else if (!known.includes(fn)) known.push(fn);
}

/** `module.exports = …`. */
function exportWhole(draft: Draft, value: Value): void {
  for (const one of alternatives(value)) {
    switch (one.kind) {
      case 'function':
      case 'class':
        addCallable(draft, '', one);
        // Members put on the function elsewhere (`fn.extra = …`) are exports too, and not followed.
        draft.complete = false;
        break;
      case 'object':
        exportMembers(draft, one);
        break;
      case 'reference':
        exportReference(draft, one.name);
        break;
      default:
        draft.complete = false;
    }
  }
}

function exportMembers(draft: Draft, { node, scope }: ObjectValue): void {
  for (const property of node.properties) {
    const name = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
    if (property.type !== 'Property' || name === undefined) draft.complete = false;
    else exportValue(draft, name, draft.evaluator.evaluate(property.value, scope));
  }
}

function exportReference(draft: Draft, name: string): void {
  const local = parseLocalReference(name);
  if (local !== undefined) {
    const { specifier, member } = local;
    draft.from.push({ name: undefined, specifier, member: member === '' ? '*' : member });
  }
  const isAll = local === undefined ? name === 'exports' || name === 'module.exports' : local.member === '';
  if (!isAll) draft.complete = false;
}

/** `Object.defineProperty(exports, 'name', …)`, `__exportStar(require('./x'), exports)`, `__export(exports, { … })`. */
function exportByCall(draft: Draft, site: CallSite): void {
  const { evaluator } = draft;
  const { node, scope } = site;
  if (node.type !== 'CallExpression' || node.arguments.length < 2) return;
  const mentions = node.arguments.some(
    (argument) =>
      (argument.type === 'Identifier' && argument.name === 'exports') ||
      (argument.type === 'MemberExpression' && propertyName(argument.property, argument.computed) === 'exports'),
  );
  if (!mentions) return;
  const given = evaluator.arguments(node, scope);
  const isExports = (value: Value | undefined): boolean =>
    value !== undefined && referenceNames(value).some((name) => name === 'exports' || name === 'module.exports');
  const [first, second, third] = given;
  if (isExports(second) && first !== undefined) {
    for (const name of referenceNames(first)) {
      const local = parseLocalReference(name);
      if (local?.member === '') draft.from.push({ name: undefined, specifier: local.specifier, member: '*' });
      else draft.complete = false;
    }
    return;
  }
  if (!isExports(first)) return;
  const names = referenceNames(evaluator.callee(node, scope));
  if (names.includes('Object.defineProperty')) {
    const name = second === undefined ? undefined : constantOf(second)?.value;
    if (typeof name === 'string') exportDescribed(draft, name, third);
    else draft.complete = false;
  } else if (second?.kind === 'object') {
    exportMembers(draft, second);
    for (const property of second.node.properties) {
      const key = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
      if (key !== undefined) exportGotten(draft, key, evaluator.property(second, key));
    }
  } else draft.complete = false;
}

/** A property's descriptor: the value itself, or a getter for it. */
function exportDescribed(draft: Draft, name: string, descriptor: Value | undefined): void {
  draft.names.add(name);
  if (descriptor?.kind !== 'object') return;
  exportValue(draft, name, draft.evaluator.property(descriptor, 'value'));
  exportGotten(draft, name, draft.evaluator.property(descriptor, 'get'));
}

/** What a getter gives. */
function exportGotten(draft: Draft, name: string, getter: Value): void {
  for (const one of alternatives(getter)) {
    if (one.kind === 'function') exportValue(draft, name, draft.evaluator.callFunction(one.fn, []));
  }
}
