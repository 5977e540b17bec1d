/**
 * `list.slice(1)` in a file that has a function `slice` of its own: which of the two is meant, the name does not tell. It is
 * taken for the file's own where the object may be one that the file makes, and for the language's or Node's otherwise.
 */

import type { ESTree } from 'meriyah';
import {
  type ClassNode,
  type Condition,
  classesByMethod,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Scope,
  type Stored,
  type Write,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import { functionsNamed } from './link-calls.ts';

/** Methods of functions, lists, texts, maps, promises, patterns, emitters, streams and consoles. */
const ordinary: ReadonlySet<string> = new Set(
  `apply bind call at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes
  indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString
  toReversed toSorted toSpliced toString unshift values with charAt charCodeAt codePointAt endsWith localeCompare match
  matchAll normalize padEnd padStart repeat replace replaceAll search split startsWith substr substring toLowerCase
  toUpperCase trim trimEnd trimStart add clear delete get has set then catch finally exec test next return throw subarray
  valueOf toJSON hasOwnProperty on once off emit addListener removeListener removeAllListeners read write end pipe unpipe
  pause resume destroy close error log warn info debug trace`.split(/\s+/),
);

const makers: ReadonlySet<string> = new Set([
  'create',
  'assign',
  'setPrototypeOf',
  'construct',
  'freeze',
  'defineProperty',
]);
/** A name that is passed on more often may lead anywhere. */
const maxVisits = 200;
const maxDepth = 8;
const maxStored = 6;
const maxEntrances = 16;

interface MethodSite {
  readonly node: ESTree.CallExpression;
  readonly scope: Scope;
  readonly condition: Condition | undefined;
}

type Sites = Pick<FileSites, 'methods' | 'parts' | 'made' | 'fnOf' | 'classes'>;

export class GuessedMethods {
  readonly #sites: Sites;
  #classes: ReadonlyMap<Node, ClassNode> | undefined;

  constructor(sites: Sites) {
    this.#sites = sites;
  }

  /** Whether a call by that name is rather one of what is no object of the file than of one of its functions. */
  has({ node: { callee }, scope, condition }: MethodSite, fns: readonly Fn[]): boolean {
    if (callee.type !== 'MemberExpression') return false;
    const name = propertyName(callee.property, callee.computed);
    if (name === undefined || !ordinary.has(name)) return false;
    if (isKnownList(callee.object, condition)) return true;
    this.#classes ??= classesByMethod(this.#sites.classes);
    const classes = fns.map(({ node }) => this.#classes?.get(node));
    const owners = classes.every((one) => one !== undefined) ? new Set(classes) : undefined;
    const sites = { ...this.#sites, classOf: this.#classes, owners };
    return !new OwnSearch(sites).mayBeOwn(callee.object, scope, 0);
  }
}

/** `Array.isArray(list) ? list.map(…) : …` */
function isKnownList(object: Node, condition: Condition | undefined): boolean {
  if (object.type !== 'Identifier') return false;
  for (let at = condition; at !== undefined; at = at.outer) {
    const { test, negated } = at;
    if (negated || test.type !== 'CallExpression' || test.callee.type !== 'MemberExpression') continue;
    const [asked] = test.arguments;
    if (propertyName(test.callee.property, test.callee.computed) !== 'isArray' || asked?.type !== 'Identifier')
      continue;
    if (asked.name === object.name) return true;
  }
  return false;
}

interface OwnSites extends Sites {
  readonly classOf: ReadonlyMap<Node, ClassNode>;
  /** The classes that the functions are methods of, if they all are; otherwise any object of the file may have them. */
  readonly owners: ReadonlySet<ClassNode | undefined> | undefined;
}

class OwnSearch {
  readonly #sites: OwnSites;
  readonly #seen = new Set<object>();

  constructor(sites: OwnSites) {
    this.#sites = sites;
  }

  /** An object that the file makes, and that may have the function. */
  mayBeOwn(node: Node, scope: Scope, depth: number): boolean {
    if (this.#seen.size >= maxVisits || depth > maxDepth) return true;
    const own = (part: Node): boolean => this.mayBeOwn(part, scope, depth + 1);
    switch (node.type) {
      case 'Super':
        return true;
      case 'ThisExpression':
        return this.#isOwner(this.#classAround(scope), scope);
      case 'ClassExpression':
        return this.#isOwner(node, scope);
      case 'ObjectExpression':
        return this.#sites.owners === undefined || node.properties.some(({ type }) => type === 'SpreadElement');
      case 'NewExpression':
        return node.callee.type !== 'Identifier' || this.#isOwnClass(node.callee.name, scope);
      case 'CallExpression':
        return this.#mayGiveOwn(node, scope, depth);
      case 'AssignmentExpression':
        return own(node.right);
      case 'ConditionalExpression':
        return own(node.consequent) || own(node.alternate);
      case 'LogicalExpression':
        return own(node.left) || own(node.right);
      case 'SequenceExpression':
        return node.expressions.slice(-1).some(own);
      case 'AwaitExpression':
        return own(node.argument);
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return own(node.expression);
      case 'MemberExpression': {
        const name = propertyName(node.property, node.computed);
        return name === undefined ? this.#holdsOwn(node.object, scope, depth + 1) : this.#isStoredOwn(name, depth + 1);
      }
      case 'Identifier':
        return this.#isOnce(findBinding(scope, node.name), ({ writes }) =>
          writes.some((write) => this.#isOwnWrite(write, depth + 1)),
        );
      default:
        return isFunctionNode(node) && this.#sites.owners === undefined;
    }
  }

  /** Or one that extends it, as far as the file tells. */
  #isOwner(one: ClassNode | undefined, scope: Scope): boolean {
    const { owners } = this.#sites;
    if (one === undefined || owners === undefined || owners.has(one)) return true;
    const { superClass } = one;
    if (superClass === null) return false;
    return superClass.type !== 'Identifier' || this.#isOwnClass(superClass.name, scope);
  }

  #isOwnClass(name: string, scope: Scope): boolean {
    return this.#isOnce(findBinding(scope, name), ({ writes }) =>
      writes.some((write) => {
        if (write.kind === 'class') return this.#isOwner(write.node, write.scope);
        if (write.kind === 'value' && write.node.type === 'ClassExpression')
          return this.#isOwner(write.node, write.scope);
        return write.kind !== 'import';
      }),
    );
  }

  #classAround(scope: Scope): ClassNode | undefined {
    let at: Scope | undefined = scope;
    while (at?.fn.node.type === 'ArrowFunctionExpression') at = at.fn.scope;
    return at === undefined ? undefined : this.#sites.classOf.get(at.fn.node);
  }

  #isOnce<One extends object>(one: One | undefined, ask: (one: One) => boolean): boolean {
    if (one === undefined || this.#seen.has(one)) return false;
    this.#seen.add(one);
    return ask(one);
  }

  #isOwnWrite(write: Write, depth: number): boolean {
    if (write.kind === 'class') return this.#isOwner(write.node, write.scope);
    if (write.kind === 'function') return this.#sites.owners === undefined;
    if (write.kind === 'each') return write.path.length > 0 || this.#holdsOwn(write.node, write.scope, depth);
    if (write.kind === 'parameter') return this.#isPassedOwn(write, depth);
    if (write.kind === 'compound') return this.mayBeOwn(write.operand, write.scope, depth);
    if (write.kind !== 'value') return false;
    const last = write.path.at(-1);
    if (last === undefined) return this.mayBeOwn(write.node, write.scope, depth);
    return typeof last === 'string' ? this.#isStoredOwn(last, depth) : this.#holdsOwn(write.node, write.scope, depth);
  }

  #isPassedOwn(write: Extract<Write, { kind: 'parameter' }>, depth: number): boolean {
    const last = write.path.at(-1);
    if (typeof last === 'string') return this.#isStoredOwn(last, depth);
    return write.fn.entrances.slice(0, maxEntrances).some(({ kind, site, argument }) => {
      const passed = kind !== 'callback' && 'arguments' in site.node ? site.node.arguments : [];
      const node = passed[argument + write.index];
      return node !== undefined && this.mayBeOwn(node, site.scope, depth);
    });
  }

  /** `this.client = new Client()`, `{ client: connect() }` */
  #isStoredOwn(name: string, depth: number): boolean {
    const { made, methods, parts } = this.#sites;
    return [made, methods, parts].some((table) =>
      (table.get(name) ?? [])
        .slice(0, maxStored)
        .some((stored) =>
          this.#isOnce<Stored>(stored, ({ node, scope }) => !isFunctionNode(node) && this.mayBeOwn(node, scope, depth)),
        ),
    );
  }

  /** One of a list or table. */
  #holdsOwn(node: Node, scope: Scope, depth: number): boolean {
    if (depth > maxDepth) return true;
    if (node.type === 'ArrayExpression')
      return node.elements.some((element) => element !== null && this.mayBeOwn(element, scope, depth + 1));
    if (node.type === 'ObjectExpression')
      return node.properties.some((one) => one.type === 'Property' && this.mayBeOwn(one.value, scope, depth + 1));
    if (node.type !== 'Identifier') return false;
    return this.#isOnce(findBinding(scope, node.name), ({ writes }) =>
      writes.some((write) => write.kind === 'value' && this.#holdsOwn(write.node, write.scope, depth + 1)),
    );
  }

  /** `connect().get()`; `list.map(…).filter(…)` gives what `list` is, and `Object.create(…)` anything. */
  #mayGiveOwn(node: Extract<Node, { type: 'CallExpression' }>, scope: Scope, depth: number): boolean {
    const { callee } = node;
    const { methods, fnOf } = this.#sites;
    const name = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
    if (name !== undefined && makers.has(name)) return true;
    if (callee.type === 'MemberExpression' && name !== undefined && ordinary.has(name))
      return this.mayBeOwn(callee.object, scope, depth + 1);
    const fns =
      name === undefined
        ? functionsNamed(callee, scope, this.#sites)
        : (methods.get(name) ?? []).slice(0, maxStored).flatMap((stored) => fnOf.get(stored.node) ?? []);
    return fns.some((fn) =>
      this.#isOnce(fn, ({ returns }) => returns.some((one) => this.mayBeOwn(one.node, one.scope, depth + 1))),
    );
  }
}
