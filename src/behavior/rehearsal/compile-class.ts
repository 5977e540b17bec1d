/** Classes: their methods, fields and parents. */

import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { compileStatements } from './compile-block.ts';
import { compileKey } from './compile-parts.ts';
import { type Frame, frameFor, namesIn, type Run } from './frame.ts';
import { type Held, isThing, type Maker, type Table, tableOf, wordOf } from './held.ts';
import { blockNames, varNames } from './scopes.ts';
import { compileExpression, type Spot } from './spot.ts';

type Element = ESTree.ClassBody['body'][number];
/** Puts one element into the class that is being made. */
type Part = (frame: Frame, maker: Maker) => void;

export function compileClass(node: ESTree.ClassDeclaration | ESTree.ClassExpression, outer: Spot): Run {
  const own = node.type === 'ClassExpression' ? node.id?.name : undefined;
  const names = own === undefined ? outer.names : namesIn(outer.names, [own]);
  const at: Spot = { ...outer, names };
  const parent = node.superClass === null ? undefined : compileExpression(node.superClass, at);
  const elements = node.body.body;
  const declared = elements.find((element) => element.type === 'MethodDefinition' && element.kind === 'constructor');
  const construct = declared?.type === 'MethodDefinition' ? compileExpression(declared.value, at) : undefined;
  const fields = elements.filter((element) => element.type === 'PropertyDefinition' && !element.static);
  const prepare = fields.map((field) => compileField(field, at));
  const parts = elements
    .filter((element) => element !== declared && !fields.includes(element))
    .map((element) => compilePart(element, at));
  return (outside) => {
    const frame = own === undefined ? outside : frameFor(names, outside, outside.call);
    const made = construct?.(frame);
    const maker: Maker = {
      kind: 'maker',
      node,
      parent: parent?.(frame),
      construct: isThing(made) && made.kind === 'closure' ? made : undefined,
      prototype: tableOf(),
      members: new Map(),
      prepare: (instance) => {
        const inside: Frame = { ...frame, call: { ...frame.call, self: instance } };
        for (const fill of prepare) fill(inside, instance);
      },
    };
    if (own !== undefined) frame.slots[0] = maker;
    for (const part of parts) part(frame, maker);
    return maker;
  };
}

function compileField(element: Element, at: Spot): (frame: Frame, instance: Table) => void {
  if (element.type !== 'PropertyDefinition') return () => undefined;
  const key = keyOf(element.key, element.computed, at);
  const value: Run = element.value === null ? () => undefined : compileExpression(element.value, at);
  return (frame, instance) => {
    const name = wordOf(key(frame));
    if (name !== undefined) instance.members.set(name, value(frame));
  };
}

function compilePart(element: Element, at: Spot): Part {
  if (element.type === 'StaticBlock') {
    const names = namesIn(at.names, [...varNames(element.body), ...blockNames(element.body)]);
    const act = compileStatements(element.body, { ...at, names });
    return (frame, maker) => {
      act(frameFor(names, frame, { ...frame.call, self: maker }));
    };
  }
  if (element.type !== 'MethodDefinition' && element.type !== 'PropertyDefinition') return () => undefined;
  const key = keyOf(element.key, element.computed, at);
  const value: Run = element.value === null ? () => undefined : compileExpression(element.value, at);
  return (frame, maker) => {
    const inside: Frame = { ...frame, call: { ...frame.call, self: maker } };
    const [name, made] = [wordOf(key(inside)), value(inside)];
    if (name === undefined) return;
    const isGetter = element.type === 'MethodDefinition' && element.kind === 'get';
    if (element.static && isGetter && isThing(made) && made.kind === 'closure')
      put(maker.members, name, at.stage.call(made, { self: maker, given: [] }, undefined));
    else if (element.static) put(maker.members, name, made);
    else if (isGetter && isThing(made) && made.kind === 'closure') maker.prototype.getters.set(name, made);
    else maker.prototype.members.set(name, made);
  };
}

function put(members: Map<string, Held>, name: string, value: Held): void {
  members.set(name, value);
}

function keyOf(key: Node | null, computed: boolean, at: Spot): Run {
  if (key === null) return () => undefined;
  const name = propertyName(key, computed);
  return name === undefined ? compileKey(key, at) : () => name;
}
