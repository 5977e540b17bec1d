/** Expressions, each turned once into a function that acts it out. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { globalReference } from '../values/references.ts';
import { compileAssignment, compileDelete, compileUpdate } from './compile-assignment.ts';
import { compileCall, compileNew, compileTagged } from './compile-call.ts';
import { compileClass } from './compile-class.ts';
import { compileFunction } from './compile-function.ts';
import { compileElements, compileKey, keepTexts, weigh } from './compile-parts.ts';
import { findSlot, type Names, type Run, readSlot, Thrown } from './frame.ts';
import { type Held, isThing, listOf, marked, originsOf, tableOf, truth, unsure, wordOf } from './held.ts';
import { add, binaryOf, either, unaryOf } from './operations.ts';
import { compileExpression, type Spot } from './spot.ts';
import type { Stage } from './stage.ts';
import { fromValue } from './translate.ts';

export function expressionOf(node: Node, at: Spot): Run {
  // Safe: `compilers` maps each type to a function that takes nodes of that type.
  const compile = compilers[node.type] as ((node: Node, at: Spot) => Run) | undefined;
  return compile === undefined ? () => unsure(0) : compile(node, at);
}

type Compilers = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { readonly type: Type }>, at: Spot) => Run;
};

const compilers: Compilers = {
  Literal: compileLiteral,
  Identifier: ({ name }, at) => compileName(name, at),
  ThisExpression: (_, at) =>
    isModule(at.names) ? always({ kind: 'outside', name: 'module.exports', origins: 0 }) : ({ call }) => call.self,
  Super:
    () =>
    ({ call }) =>
      call.self,
  MemberExpression: compileMember,
  CallExpression: compileCall,
  NewExpression: compileNew,
  ImportExpression: (node, at) => {
    const source = compileExpression(node.source, at);
    return (frame) =>
      at.stage.call({ kind: 'outside', name: 'import', origins: 0 }, { self: undefined, given: [source(frame)] }, node);
  },
  TaggedTemplateExpression: compileTagged,
  TemplateLiteral: compileTemplate,
  BinaryExpression: compileBinary,
  UnaryExpression: compileUnary,
  UpdateExpression: compileUpdate,
  LogicalExpression: compileLogical,
  ConditionalExpression: compileConditional,
  AssignmentExpression: compileAssignment,
  ArrayExpression: (node, at) => {
    const elements = compileElements(node.elements, at);
    return (frame) => listOf(elements(frame));
  },
  ObjectExpression: compileObject,
  SequenceExpression: ({ expressions }, at) => {
    const runs = expressions.map((one) => compileExpression(one, at));
    return (frame) => {
      let value: Held;
      for (const run of runs) value = run(frame);
      return value;
    };
  },
  FunctionExpression: compileFunction,
  ArrowFunctionExpression: compileFunction,
  FunctionDeclaration: compileFunction,
  ClassExpression: compileClass,
  ClassDeclaration: compileClass,
  AwaitExpression: ({ argument }, at) => compileExpression(argument, at),
  YieldExpression: compileYield,
  ChainExpression: ({ expression }, at) => {
    const run = compileExpression(expression, at);
    return (frame) => {
      try {
        return run(frame);
      } catch (thrown) {
        if (thrown instanceof Thrown) return undefined;
        throw thrown;
      }
    };
  },
  ParenthesizedExpression: ({ expression }, at) => compileExpression(expression, at),
  MetaProperty: ({ meta, property }) => always({ kind: 'outside', name: `${meta.name}.${property.name}`, origins: 0 }),
};

function isModule(names: Names): boolean {
  return names.outer === undefined;
}

function always(held: Held): Run {
  return () => held;
}

function compileLiteral(node: ESTree.Literal): Run {
  if ('regex' in node) {
    const { pattern: source, flags } = node.regex;
    return always({ kind: 'pattern', source, flags });
  }
  const { value } = node;
  // Safe: what is neither a pattern nor a big number is a primitive.
  return always(typeof value === 'bigint' ? Number(value) : (value as string | number | boolean | null));
}

function compileName(name: string, { stage, names }: Spot): Run {
  const slot = findSlot(names, name);
  if (slot !== undefined) return readSlot(slot);
  if (name === 'arguments') return ({ call }) => listOf([...call.passed]);
  const global = fromValue(globalReference(name));
  if (!isThing(global) || global.kind !== 'outside') return always(global);
  return () => (stage.written.size > 0 && stage.written.has(global.name) ? stage.written.get(global.name) : global);
}

function compileMember(node: ESTree.MemberExpression, at: Spot): Run {
  const { stage } = at;
  const object = compileExpression(node.object, at);
  const name = propertyName(node.property, node.computed);
  if (name !== undefined) {
    const keep = keepTexts(node, stage);
    return node.optional === true
      ? (frame) => keep(getOptional(stage, object(frame), name))
      : (frame) => keep(stage.get(object(frame), name));
  }
  const key = compileKey(node.property, at);
  return (frame) => {
    const [held, found] = [object(frame), key(frame)];
    if (typeof found === 'number' && isThing(held) && held.kind === 'list' && found >= 0) return held.elements[found];
    const word = wordOf(found);
    return word === undefined ? memberOfUnsure(held, found) : stage.get(held, word);
  };
}

function getOptional(stage: Stage, held: Held, name: string): Held {
  return held === undefined || held === null ? undefined : stage.get(held, name);
}

/** Which member it is, is not known; of a list it may be the first as well as any. */
function memberOfUnsure(held: Held, key: Held): Held {
  return unsure(originsOf(held) | originsOf(key));
}

function compileObject({ properties }: ESTree.ObjectExpression, at: Spot): Run {
  const parts = properties.map((property): ((frame: Parameters<Run>[0], table: ReturnType<typeof tableOf>) => void) => {
    if (property.type === 'SpreadElement') {
      const spread = compileExpression(property.argument, at);
      return (frame, table) => {
        const from = spread(frame);
        if (isThing(from) && from.kind === 'table')
          for (const [name, value] of from.members) table.members.set(name, value);
      };
    }
    if (property.type !== 'Property') return () => undefined;
    const literal = propertyName(property.key, property.computed);
    const key = literal === undefined ? compileKey(property.key, at) : always(literal);
    const value = compileExpression(property.value, at);
    return (frame, table) => {
      const name = wordOf(key(frame));
      const made = value(frame);
      if (name === undefined) return;
      if (property.kind === 'get' && isThing(made) && made.kind === 'closure') table.getters.set(name, made);
      else if (property.kind !== 'set') table.members.set(name, made);
    };
  });
  return (frame) => {
    const table = tableOf();
    for (const part of parts) part(frame, table);
    return table;
  };
}

function compileTemplate({ quasis, expressions }: ESTree.TemplateLiteral, at: Spot): Run {
  const runs = expressions.map((one) => compileExpression(one, at));
  const texts = quasis.map(({ value }) => value.cooked ?? '');
  return (frame) => {
    let text: Held = texts[0] ?? '';
    runs.forEach((run, index) => {
      const part = run(frame);
      wantText(at, part);
      text = add(add(text, toText(part)), texts[index + 1] ?? '');
    });
    return text;
  };
}

function toText(held: Held): Held {
  if (isThing(held)) return held.kind === 'marked' ? marked(String(held.value), held.origins) : held;
  return String(held);
}

/** Words of another file are put together: what it exports by a name, not what it makes. */
function wantText({ stage }: Spot, held: Held): void {
  if (isThing(held) && held.kind === 'outside' && !held.name.includes('(')) stage.want(held);
}

/** `a + b + c …` leans to the left, thousands deep in generated code. */
function compileBinary(node: ESTree.BinaryExpression, at: Spot): Run {
  const chain: ESTree.BinaryExpression[] = [];
  let left: Node = node;
  while (left.type === 'BinaryExpression') {
    chain.push(left);
    left = left.left;
  }
  const first = compileExpression(left, at);
  const steps = chain
    .reverse()
    .map(({ operator, right }) => ({ operate: binaryOf(operator), right: compileExpression(right, at) }));
  return (frame) => {
    let value = first(frame);
    for (const { operate, right } of steps) {
      const other = right(frame);
      wantText(at, value);
      wantText(at, other);
      value = weigh(at.stage, operate(value, other));
    }
    return value;
  };
}

function compileUnary({ operator, argument }: ESTree.UnaryExpression, at: Spot): Run {
  if (operator === 'delete') return compileDelete(argument, at);
  const run = compileExpression(argument, at);
  const operate = unaryOf(operator);
  return (frame) => operate(run(frame));
}

function compileLogical({ operator, left, right }: ESTree.LogicalExpression, at: Spot): Run {
  const [first, second] = [compileExpression(left, at), compileExpression(right, at)];
  return (frame) => {
    const value = first(frame);
    if (operator === '??') {
      if (value === undefined || value === null) return second(frame);
      return truth(value) === undefined ? either([value, second(frame)]) : value;
    }
    const known = truth(value);
    if (known !== undefined) return known === (operator === '&&') ? second(frame) : value;
    const other = second(frame);
    return operator === '&&' ? either([other, value]) : either([value, other]);
  };
}

function compileConditional({ test, consequent, alternate }: ESTree.ConditionalExpression, at: Spot): Run {
  const [decide, first, second] = [test, consequent, alternate].map((one) => compileExpression(one, at));
  if (decide === undefined || first === undefined || second === undefined) return always(undefined);
  return (frame) => {
    const known = truth(decide(frame));
    if (known !== undefined) return known ? first(frame) : second(frame);
    return either([first(frame), second(frame)]);
  };
}

function compileYield({ argument }: ESTree.YieldExpression, at: Spot): Run {
  const run = argument === null || argument === undefined ? always(undefined) : compileExpression(argument, at);
  return (frame) => {
    const { yields } = frame.call;
    at.stage.spend(1);
    if (yields !== undefined && yields.elements.length < maxYields) yields.elements.push(run(frame));
    return unsure(0);
  };
}

const maxYields = 4_096;
