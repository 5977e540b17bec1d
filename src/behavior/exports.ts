/** What a file exports: names, the functions behind them, and what it passes on from other files. */
import type { Evaluator } from './evaluate.ts';
import type { ExportSummary } from './file-summary.ts';
import { parseLocalReference } from './references.ts';
import { type CallSite, type FileSites, findBinding, type Node, type Scope } from './scope.ts';
import { propertyName } from './syntax.ts';
import { alternatives, constantOf, referenceNames, type Value } from './value.ts';

interface Draft {
  readonly fns: Map<string, number[]>;
  readonly names: Set<string>;
  readonly from: { name: string | undefined; specifier: string; member: string }[];
  complete: boolean;
}

export function summarizeExports(sites: FileSites, evaluator: Evaluator): ExportSummary {
  const draft: Draft = { fns: new Map(), names: new Set(), from: [], complete: true };
  for (const one of sites.exports) {
    if (one.kind === 'all') draft.from.push({ name: undefined, specifier: one.module, member: '*' });
    else if (one.kind === 'from') {
      draft.names.add(one.name);
      draft.from.push({ name: one.name, specifier: one.module, member: one.member });
    } else exportValue(draft, one.name, evaluator.evaluate(one.node, one.scope));
  }
  for (const { node, scope } of sites.memberWrites) {
    const { left, right } = node;
    if (left.type !== 'MemberExpression' || !mayNameExports(left.object, scope, 0)) continue;
    const targets = referenceNames(evaluator.evaluate(left.object, scope));
    const member = propertyName(left.property, left.computed);
    if (targets.includes('module') && member === 'exports')
      exportWhole(draft, evaluator.evaluate(right, scope), { evaluator, scope });
    else if (targets.includes('module.exports') || targets.includes('exports')) {
      if (member === undefined) draft.complete = false;
      else exportValue(draft, member, evaluator.evaluate(right, scope));
    }
  }
  for (const site of sites.calls) exportByCall(draft, site, evaluator);
  return draft;
}

const maxHops = 5;

/** A cheap look before the evaluation: `exports`, `module.exports`, `this` of a module, or a variable that is given one of them. */
function mayNameExports(node: Node, scope: Scope, hops: number): boolean {
  if (hops > maxHops) return false;
  switch (node.type) {
    case 'MemberExpression':
      return mayNameExports(node.object, scope, hops);
    case 'AssignmentExpression':
      return mayNameExports(node.left, scope, hops + 1) || mayNameExports(node.right, scope, hops + 1);
    case 'ConditionalExpression':
      return mayNameExports(node.consequent, scope, hops + 1) || mayNameExports(node.alternate, scope, hops + 1);
    case 'LogicalExpression':
      return mayNameExports(node.left, scope, hops + 1) || mayNameExports(node.right, scope, hops + 1);
    case 'ThisExpression':
      return true;
    case 'Identifier':
      return variableMayNameExports(node.name, scope, hops + 1);
    default:
      return false;
  }
}

function variableMayNameExports(name: string, scope: Scope, hops: number): boolean {
  const binding = findBinding(scope, name);
  if (binding === undefined) return name === 'exports' || name === 'module';
  return binding.writes.slice(0, 4).some((write) => {
    if (write.kind === 'value') return mayNameExports(write.node, write.scope, hops);
    if (write.kind !== 'parameter') return false;
    return write.fn.entrances.some(({ site, argument, kind }) => {
      const passed =
        kind === 'call' && 'arguments' in site.node ? site.node.arguments[argument + write.index] : undefined;
      return passed !== undefined && mayNameExports(passed, site.scope, hops);
    });
  });
}

function exportValue(draft: Draft, name: string, value: Value): void {
  draft.names.add(name);
  for (const one of alternatives(value)) {
    if (one.kind === 'function') addFn(draft, name, one.fn.id);
    const local = one.kind === 'reference' ? parseLocalReference(one.name) : undefined;
    if (local !== undefined)
      draft.from.push({ name, specifier: local.specifier, member: local.member === '' ? '*' : local.member });
  }
}

function addFn(draft: Draft, name: string, fn: number): void {
  const known = draft.fns.get(name);
  if (known === undefined) draft.fns.set(name, [fn]);
  else if (!known.includes(fn)) known.push(fn);
}

/** `module.exports = …`. */
function exportWhole(
  draft: Draft,
  value: Value,
  { evaluator }: { readonly evaluator: Evaluator; readonly scope: Scope },
): void {
  for (const one of alternatives(value)) {
    switch (one.kind) {
      case 'function':
        addFn(draft, '', one.fn.id);
        // Members put on the function elsewhere (`fn.extra = …`) are exports too, and not followed.
        draft.complete = false;
        break;
      case 'object':
        for (const property of one.node.properties) {
          if (property.type !== 'Property') {
            draft.complete = false;
            continue;
          }
          const name = propertyName(property.key, property.computed);
          if (name === undefined) draft.complete = false;
          else exportValue(draft, name, evaluator.evaluate(property.value, one.scope));
        }
        break;
      case 'reference': {
        const local = parseLocalReference(one.name);
        if (local !== undefined) {
          draft.from.push({
            name: undefined,
            specifier: local.specifier,
            member: local.member === '' ? '*' : local.member,
          });
          if (local.member !== '') draft.complete = false;
        } else if (one.name !== 'exports' && one.name !== 'module.exports') draft.complete = false;
        break;
      }
      default:
        draft.complete = false;
    }
  }
}

/** `Object.defineProperty(exports, 'name', …)`, `__exportStar(require('./x'), exports)`, `__export(exports, { … })`. */
function exportByCall(draft: Draft, site: CallSite, evaluator: Evaluator): void {
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
  const [first, second] = given;
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
    if (typeof name === 'string') draft.names.add(name);
    else draft.complete = false;
  } else if (second?.kind === 'object') {
    exportWhole(draft, second, { evaluator, scope });
  } else draft.complete = false;
}
