/** Calls, members and names of a piece of code, written by another road that leads to the same thing. */
import type { Random } from './random-for.ts';
import {
  findName,
  findString,
  isNode,
  isVariable,
  type Position,
  type Rewriting,
  type SyntaxNode,
} from './rewrite-code.ts';
import { type ImportLine, type Member, renameVariables, type Snippet } from './snippet.ts';
import { cut, quote, type Spelling } from './spellings.ts';

/** Strings, and names of members if wanted, by a spelling. Import statements and directives cannot be spelled otherwise. */
export function spelled(spelling: Spelling, members: boolean, random: Random): Rewriting {
  return (node, { parent, field }, textOf) => {
    const text = findString(node);
    if (
      text !== undefined &&
      text !== '' &&
      parent?.type !== 'ImportDeclaration' &&
      parent?.['directive'] === undefined
    ) {
      const expression = spelling.spell(text, random);
      return parent?.type === 'Property' && field === 'key' && parent['computed'] !== true
        ? `[${expression}]`
        : expression;
    }
    return members ? memberAs(node, textOf, (name) => spelling.spell(name, random)) : undefined;
  };
}

/** `a.b` → `a['b']` */
export const bracketMember: Rewriting = (node, _position, textOf) => memberAs(node, textOf, quote);

function memberAs(
  node: SyntaxNode,
  textOf: (inner: SyntaxNode) => string,
  spell: (name: string) => string,
): string | undefined {
  const { object, property, computed, optional } = node;
  const name = findName(property);
  if (node.type !== 'MemberExpression' || computed === true || name === undefined || !isNode(object)) return undefined;
  if (object.type === 'MetaProperty' || object.type === 'Super') return undefined;
  return `${inParentheses(object, textOf)}${optional === true ? '?.' : ''}[${spell(name)}]`;
}

/** The tree does not keep parentheses, and the text of a node does not hold those around it. */
function inParentheses(object: SyntaxNode, textOf: (inner: SyntaxNode) => string): string {
  const simple = [
    'Identifier',
    'MemberExpression',
    'CallExpression',
    'ThisExpression',
    'ArrayExpression',
    'Literal',
    'ImportExpression',
  ];
  return simple.includes(object.type) ? textOf(object) : `(${textOf(object)})`;
}

const globals: ReadonlySet<string> = new Set([
  ...['fetch', 'process', 'eval', 'console', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'Function', 'atob'],
  ...['XMLHttpRequest', 'window', 'document', 'navigator', 'localStorage', 'Intl', 'WebSocket', 'WebAssembly'],
]);

/** `fetch` → `globalThis['fe' + 'tch']` */
export function globalMember(random: Random): Rewriting {
  return (node, position) => {
    const name = findName(node);
    if (name === undefined || !globals.has(name) || !isVariable(position)) return undefined;
    return `globalThis[${cut(name, random).map(quote).join(' + ')}]`;
  };
}

/** `a.b(c)` → `Reflect.apply(Reflect.get(a, 'b'), a, [c])`, where `a` is an object for sure: a module, or what is global. */
export function reflected(_random: Random, modules: ReadonlySet<string>): Rewriting {
  const isObject = (node: SyntaxNode): boolean => {
    const name = findName(node);
    return name !== undefined && (modules.has(name) || globals.has(name));
  };
  return (node, position, textOf) => {
    const call = findMemberCall(node);
    if (call !== undefined && isObject(call.object)) {
      const [object, list] = [textOf(call.object), call.parameters.map(textOf).join(', ')];
      return `Reflect.apply(Reflect.get(${object}, '${call.name}'), ${object}, [${list}])`;
    }
    const member = isTarget(position) ? undefined : findSimpleMember(node);
    if (member === undefined || !isObject(member.object)) return undefined;
    return `Reflect.get(${textOf(member.object)}, '${member.name}')`;
  };
}

/** `a.b(c)` → `a.b.call(a, c)` */
export function throughCall(random: Random): Rewriting {
  return (node, _position, textOf) => {
    const call = findMemberCall(node);
    if (call === undefined) return undefined;
    const [object, list] = [textOf(call.object), call.parameters.map(textOf)];
    const callee = `${object}.${call.name}`;
    return random.pick([
      `${callee}.call(${[object, ...list].join(', ')})`,
      `${callee}.apply(${object}, [${list.join(', ')}])`,
      `${callee}.bind(${object})(${list.join(', ')})`,
    ]);
  };
}

/** `a.b(c)` → `[a.b][0](c)`, where `a` is a module: its functions do without it. */
export function heldFunction(random: Random, modules: ReadonlySet<string>): Rewriting {
  return (node, _position, textOf) => {
    const call = findMemberCall(node);
    const module = call && findName(call.object);
    if (call === undefined || module === undefined || !modules.has(module)) return undefined;
    const [callee, list] = [`${module}.${call.name}`, call.parameters.map(textOf).join(', ')];
    return random.pick([
      `[${callee}][0](${list})`,
      `({ go: ${callee} }).go(${list})`,
      `((go) => go(${list}))(${callee})`,
      `new Map([[1, ${callee}]]).get(1)(${list})`,
    ]);
  };
}

interface SimpleMember {
  readonly object: SyntaxNode;
  readonly name: string;
}

function findMemberCall(node: SyntaxNode): (SimpleMember & { readonly parameters: readonly SyntaxNode[] }) | undefined {
  const { callee, arguments: parameters } = node;
  if (node.type !== 'CallExpression' || !isNode(callee) || !Array.isArray(parameters)) return undefined;
  const member = findSimpleMember(callee);
  return member && { ...member, parameters: parameters.filter(isNode) };
}

/** One whose object may be named twice: names and members of names. */
function findSimpleMember(node: SyntaxNode): SimpleMember | undefined {
  const { object, property, computed, optional } = node;
  const name = findName(property);
  if (node.type !== 'MemberExpression' || computed === true || optional === true || name === undefined)
    return undefined;
  return isNode(object) && isNamePath(object) ? { object, name } : undefined;
}

function isNamePath(node: SyntaxNode): boolean {
  if (findName(node) !== undefined) return true;
  const { object } = node;
  return node.type === 'MemberExpression' && node['computed'] !== true && isNode(object) && isNamePath(object);
}

/** What is written, deleted, or called with its object cannot be a value. */
function isTarget({ parent, field }: Position): boolean {
  if (parent === undefined) return false;
  if (parent.type === 'AssignmentExpression' || parent.type === 'ForOfStatement') return field === 'left';
  return ['UpdateExpression', 'UnaryExpression', 'AssignmentPattern', 'Property', 'TaggedTemplateExpression'].includes(
    parent.type,
  );
}

/** `const fs = require('fs'); fs.a()` → `const { a } = require('fs'); a()` */
export function takeOut({ imports, body }: Snippet): Snippet {
  let text = body;
  const lines = imports.map((line): ImportLine => {
    const { binding } = line;
    if (typeof binding !== 'string') return line;
    const members = listMembers(text, binding);
    if (members === undefined) return line;
    text = replaceMembers(text, binding, members);
    return { ...line, binding: members };
  });
  return { imports: lines, body: text };
}

/** Undefined when the module is also used as a whole. */
function listMembers(body: string, binding: string): readonly Member[] | undefined {
  const whole = new RegExp(`(?<![.\\w$])${binding}(?!\\.[A-Za-z_$])(?![\\w$:])`).test(body);
  const names = [...body.matchAll(new RegExp(`(?<![.\\w$])${binding}\\.([\\w$]+)`, 'g'))].flatMap(
    ([, name]) => name ?? [],
  );
  if (whole || names.length === 0) return undefined;
  return [...new Set(names)].map((name) => ({ name, local: `${name}Now` }));
}

function replaceMembers(body: string, binding: string, members: readonly Member[]): string {
  return members.reduce(
    (text, { name, local }) => text.replaceAll(new RegExp(`(?<![.\\w$])${binding}\\.${name}(?![\\w$])`, 'g'), local),
    body,
  );
}

/** What compilers make of `import fs from 'fs'`. */
export function transpiled({ imports, body }: Snippet): Snippet {
  const through = 'interopDefault';
  let text = body;
  const lines = imports.map((line): ImportLine => {
    const { binding } = line;
    if (typeof binding !== 'string') return line;
    text = renameVariables(text, (name) => (name === binding ? `${binding}_1.default` : undefined));
    return { ...line, binding: `${binding}_1`, through };
  });
  return { imports: lines, body: text };
}

export const interopHelper =
  'const interopDefault = (module) => (module && module.__esModule ? module : { default: module });';
