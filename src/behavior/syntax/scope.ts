/** Scopes, bindings and functions of one file: what `collect` fills and everything after it reads. */
import type { ESTree } from 'meriyah';
import type { Holder } from '../flows/may-be.ts';

export type Node = ESTree.Node;
export type ClassNode = ESTree.ClassDeclaration | ESTree.ClassExpression;
export type FunctionNode = ESTree.FunctionDeclaration | ESTree.FunctionExpression | ESTree.ArrowFunctionExpression;

/** How a value gets into a binding. `path` leads through destructuring: `const { a: [b] } = v` is `['a', 0]`. */
export type Write =
  | { readonly kind: 'value'; readonly node: Node; readonly scope: Scope; readonly path: Path }
  | Compound
  | { readonly kind: 'update'; readonly node: ESTree.UpdateExpression }
  | { readonly kind: 'import'; readonly module: string; readonly member: string }
  | { readonly kind: 'function'; readonly fn: Fn }
  | { readonly kind: 'class'; readonly node: ESTree.ClassDeclaration | ESTree.ClassExpression; readonly scope: Scope }
  /** An element (`of`) or key (`in`) of the iterated value. */
  | { readonly kind: 'each'; readonly node: Node; readonly scope: Scope; readonly path: Path }
  /** A parameter: what the calls found in this file pass to it stands in `fn.calls`. */
  | { readonly kind: 'parameter'; readonly fn: Fn; readonly index: number; readonly rest: boolean; readonly path: Path }
  | { readonly kind: 'caught' };

/** `s += x`, `s ||= x`, `s = s + x`: the old value takes part. */
export interface Compound {
  readonly kind: 'compound';
  readonly node: ESTree.AssignmentExpression;
  readonly operator: ESTree.AssignmentExpression['operator'];
  readonly operand: Node;
  readonly scope: Scope;
  /** It happens once each time its function runs: no test or loop stands over it. */
  readonly once: boolean;
}

/** Keys as the text names them; a computed one has to be evaluated. */
export type Path = readonly (string | number | ComputedKey)[];

export interface ComputedKey {
  readonly node: Node;
  readonly scope: Scope;
}

export interface Binding {
  readonly name: string;
  readonly writes: Write[];
  /** The function whose body declares it. */
  readonly owner: Fn;
  /** What it may hold: see `relevance`. */
  holder: Holder | undefined;
  /** Functions that its writes name; undefined until somebody asks: see `link-calls`. */
  fns: readonly Fn[] | undefined;
}

export interface Scope {
  /** Once all is collected, scopes without variables are left out: see `findBinding`. */
  parent: Scope | undefined;
  /** Where `var` and function declarations land. */
  readonly isFunction: boolean;
  readonly fn: Fn;
  bindings: Map<string, Binding> | undefined;
}

/** What is passed for parameters beyond this is not followed: it may be anything. */
export const maxFollowedParameters = 64;

/** A call through which a function of this file may be entered. */
export interface Entrance {
  /** A method may be called by others too: which object is meant, its name alone does not tell. */
  readonly kind: 'call' | 'callback' | 'method';
  readonly site: CallSite;
  /** For a callback: which argument of the call it is. */
  readonly argument: number;
}

/** A function of the file; number 0 is the module itself. */
export interface Fn {
  readonly id: number;
  readonly node: FunctionNode | ESTree.Program;
  /** The scope it stands in; undefined for the module. */
  readonly scope: Scope | undefined;
  /** As a person would call it: its own name, or the variable or property it is given to. */
  name: string;
  readonly params: Binding[][];
  readonly returns: { readonly node: Node; readonly scope: Scope }[];
  readonly entrances: Entrance[];
  readonly isGenerator: boolean;
  /** What it may give: see `relevance`. */
  holder: Holder | undefined;
}

/** A test that stands over a site. `negated` when the site runs because the test failed. */
export interface Condition {
  readonly test: Node;
  readonly scope: Scope;
  readonly negated: boolean;
  /** Of a `switch`: what the test is compared with. */
  readonly equals?: Node;
  readonly outer: Condition | undefined;
}

export interface Site {
  readonly scope: Scope;
  readonly fn: Fn;
  readonly condition: Condition | undefined;
  /** How many loops of the same function are around it. */
  readonly loops: number;
  /** Inside a `try` block of the same function. */
  readonly tried: boolean;
  /** In the handler of a `try`: it runs only if something else was thrown. */
  readonly handling: boolean;
}

export type CallNode =
  | ESTree.CallExpression
  | ESTree.NewExpression
  | ESTree.ImportExpression
  | ESTree.TaggedTemplateExpression;

export interface CallSite extends Site {
  readonly node: CallNode;
}

export type LoopNode = ESTree.ForStatement | ESTree.WhileStatement | ESTree.DoWhileStatement | ESTree.ForOfStatement;

export interface LoopSite extends Site {
  readonly node: LoopNode;
  readonly label: string | undefined;
}

/** Who gets a copy of a mail. */
export interface CopySite extends Site {
  readonly node: Node;
}

/** What a function gives under a test: what it returns, or makes of what it was given. */
export interface AnswerSite extends Site {
  readonly node: ESTree.ReturnStatement | ESTree.AssignmentExpression;
  readonly condition: Condition;
  /** Either of two is given: `return test ? a : b`. */
  readonly isChoice?: true;
  /** It stands elsewhere: `title = test ? a : b`. */
  readonly isAside?: true;
}

/** What is iterated to its end at once, for a list: `[...node]`, `Array.from(node)`. */
export interface DrainSite extends Site {
  readonly node: Node;
}

export interface MemberWriteSite extends Site {
  readonly node: ESTree.AssignmentExpression;
}

export interface ThrowSite extends Site {
  readonly node: ESTree.ThrowStatement;
}

/** Everything of a file that the analysis comes back to, in the order of the text. */
export interface FileSites {
  readonly fns: readonly Fn[];
  readonly bindings: readonly Binding[];
  readonly calls: readonly CallSite[];
  readonly loops: readonly LoopSite[];
  readonly drains: readonly DrainSite[];
  readonly answers: readonly AnswerSite[];
  readonly copies: readonly CopySite[];
  readonly memberWrites: readonly MemberWriteSite[];
  readonly throws: readonly ThrowSite[];
  readonly exports: readonly ModuleExport[];
  /** Modules named by `import` and `export … from`, with the offset of the statement. */
  readonly imports: readonly { readonly module: string; readonly offset: number }[];
  /**
   * What is stored under each property name anywhere in the file, where it is a function or may name one.
   * A call `x.name()` on an object that is not understood may enter any of them (a field-based call graph,
   * Feldthaus et al., "Efficient Construction of Approximate Call Graphs for JavaScript", ICSE 2013).
   */
  readonly methods: ReadonlyMap<string, readonly Stored[]>;
  /** The same for what calls and members give: `this.fs = require('fs')`. */
  readonly parts: ReadonlyMap<string, readonly Stored[]>;
  /** The same for objects that are made there: `this.client = new Client()`. */
  readonly made: ReadonlyMap<string, readonly Stored[]>;
  readonly classes: readonly ClassNode[];
  readonly fnOf: ReadonlyMap<Node, Fn>;
  /** Functions that run without a call: getters, and what turns an object into a text or a number. */
  readonly implicit: readonly Implicit[];
}

export interface Implicit {
  readonly name: string;
  readonly fn: Fn;
}

export interface Stored {
  readonly node: Node;
  readonly scope: Scope;
}

/** An ESM export. */
export type ModuleExport =
  | { readonly kind: 'local'; readonly name: string; readonly node: Node; readonly scope: Scope }
  | { readonly kind: 'from'; readonly name: string; readonly module: string; readonly member: string }
  | { readonly kind: 'all'; readonly module: string };

/** Only after all declarations are collected. */
export function findBinding(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const binding = at.bindings?.get(name);
    if (binding !== undefined) return binding;
    while (at.parent !== undefined && at.parent.bindings === undefined) at.parent = at.parent.parent;
  }
  return undefined;
}

/** A name that nothing in the file declares: the platform's own. */
export function isFree(node: Node, name: RegExp, scope: Scope): boolean {
  return node.type === 'Identifier' && name.test(node.name) && findBinding(scope, node.name) === undefined;
}

/** The binding of that name in that very scope, new if need be; a new one is added to `all`. */
export function declare(scope: Scope, name: string, all: Binding[]): Binding {
  scope.bindings ??= new Map();
  let binding = scope.bindings.get(name);
  if (binding === undefined) {
    binding = { name, writes: [], owner: scope.fn, holder: undefined, fns: undefined };
    scope.bindings.set(name, binding);
    all.push(binding);
  }
  return binding;
}

export function functionScope(scope: Scope): Scope {
  let at = scope;
  while (!at.isFunction && at.parent !== undefined) at = at.parent;
  return at;
}

export function classesByMethod(classes: readonly ClassNode[]): ReadonlyMap<Node, ClassNode> {
  const found = new Map<Node, ClassNode>();
  for (const one of classes)
    for (const member of one.body.body) if (member.type === 'MethodDefinition') found.set(member.value, one);
  return found;
}
