/** Members of what is held: read and written as the program would. */
import { memberReference } from '../values/references.ts';
import { Thrown } from './frame.ts';
import {
  type Held,
  isThing,
  type List,
  type Maker,
  marked,
  maxList,
  maxNameLength,
  type Outside,
  originsOf,
  type Table,
  unsure,
} from './held.ts';
import { isListMethod, isTextMethod } from './method-names.ts';
import type { Stage } from './stage.ts';
import { fromValue } from './translate.ts';

export function getMember(stage: Stage, held: Held, name: string): Held {
  if (typeof held === 'string') return textMember(held, name, held);
  if (!isThing(held)) return memberOfNothing(stage, held, name);
  switch (held.kind) {
    case 'marked':
      return typeof held.value === 'string'
        ? remark(textMember(held.value, name, held), held.origins)
        : getMember(stage, held.value, name);
    case 'list':
      return listMember(held, name);
    case 'bytes':
      if (name === 'length' || name === 'byteLength') return held.numbers.length;
      if (name === 'buffer') return held;
      return isIndex(name) ? marked(held.numbers[Number(name)], held.origins) : { kind: 'method', self: held, name };
    case 'table':
      return tableMember(stage, held, name);
    case 'dictionary':
      return name === 'size' ? held.entries.size : { kind: 'method', self: held, name };
    case 'closure':
    case 'maker':
      return functionMember(stage, held, name);
    case 'outside':
      return outsideMember(stage, held, name);
    case 'unsure':
      return unsure(held.origins);
    case 'pattern':
      return name === 'source' || name === 'flags' ? held[name] : { kind: 'method', self: held, name };
    default:
      return { kind: 'method', self: held, name };
  }
}

export function setMember(
  stage: Stage,
  held: Held,
  { name, value }: { readonly name: string; readonly value: Held },
): void {
  if (!isThing(held) || name.length > maxNameLength) return;
  switch (held.kind) {
    case 'list':
      if (isIndex(name)) {
        if (Number(name) < maxList) held.elements[Number(name)] = value;
      } else if (name === 'length' && typeof value === 'number' && value >= 0 && value < held.elements.length)
        held.elements.length = value;
      return;
    case 'bytes':
      if (isIndex(name) && typeof value === 'number' && Number(name) < held.numbers.length)
        held.numbers[Number(name)] = value & 0xff;
      return;
    case 'table':
    case 'closure':
    case 'maker':
      held.members.set(name, value);
      return;
    case 'outside': {
      const target = nameMember(held, name);
      if (isThing(target) && target.kind === 'outside') stage.written.set(target.name, value);
      return;
    }
    default:
  }
}

/** `0`, `17`: an index of a list. */
function isIndex(name: string): boolean {
  return name.length < 8 && /^(?:0|[1-9]\d*)$/.test(name);
}

function memberOfNothing(stage: Stage, held: Held, name: string): Held {
  if (held === undefined || held === null) {
    // Perhaps it is only not known here who sets it.
    if (stage.tries > 0) throw new Thrown(`${held} has no ${name}`);
    return unsure(0);
  }
  return name === 'constructor' && typeof held === 'number' ? outside('Number') : { kind: 'method', self: held, name };
}

function textMember(text: string, name: string, self: Held): Held {
  if (name === 'length') return text.length;
  if (isIndex(name)) return text[Number(name)];
  if (name === 'constructor') return outside('String');
  return isTextMethod(name) ? { kind: 'method', self, name } : undefined;
}

function listMember(list: List, name: string): Held {
  if (isIndex(name)) return list.elements[Number(name)];
  if (name === 'length') return list.elements.length;
  if (name === 'constructor') return outside('Array');
  return isListMethod(name) ? { kind: 'method', self: list, name } : undefined;
}

function tableMember(stage: Stage, table: Table, name: string): Held {
  const own = table.members.get(name);
  if (own !== undefined || table.members.has(name)) return own;
  const getter = table.getters.get(name);
  if (getter !== undefined) return stage.call(getter, { self: table, given: [] }, undefined);
  if (name === '__proto__' || name === 'constructor')
    return table.maker ?? outside(name === 'constructor' ? 'Object' : 'Object.prototype');
  return inherited(stage, table, name);
}

const maxParents = 16;

/** A method that the class of an object, or one of its parents, has. */
function inherited(stage: Stage, table: Table, name: string): Held {
  let maker = table.maker;
  for (let depth = 0; depth < maxParents && isThing(maker); depth += 1) {
    if (maker.kind === 'table') {
      if (maker.members.has(name)) return maker.members.get(name);
      maker = maker.maker;
    } else if (maker.kind === 'maker') {
      const { members, getters } = maker.prototype;
      const getter = getters.get(name);
      if (getter !== undefined) return stage.call(getter, { self: table, given: [] }, undefined);
      if (members.has(name)) return members.get(name);
      maker = maker.parent;
    } else if (maker.kind === 'closure') {
      const prototype = maker.members.get('prototype');
      return isThing(prototype) && prototype.kind === 'table' ? prototype.members.get(name) : undefined;
    } else return stage.get(maker, name);
  }
  return table.maker === undefined && objectMethods.has(name) ? { kind: 'method', self: table, name } : undefined;
}

const objectMethods: ReadonlySet<string> = new Set(['hasOwnProperty', 'toString', 'valueOf', 'propertyIsEnumerable']);

function functionMember(stage: Stage, held: Extract<Held, { kind: 'closure' | 'maker' }>, name: string): Held {
  const own = held.members.get(name);
  if (own !== undefined || held.members.has(name)) return own;
  if (name === 'prototype') return prototypeOf(held);
  if (name === 'name') return 'id' in held.node ? (held.node.id?.name ?? '') : '';
  if (name === 'constructor') return outside('Function');
  if (functionMethods.has(name)) return { kind: 'method', self: held, name };
  if (held.kind === 'maker' && held.parent !== undefined) return stage.get(held.parent, name);
  return undefined;
}

const functionMethods: ReadonlySet<string> = new Set(['call', 'apply', 'bind', 'toString']);

function prototypeOf(held: Extract<Held, { kind: 'closure' }> | Maker): Held {
  if (held.kind === 'maker') return held.prototype;
  const prototype: Table = { kind: 'table', members: new Map(), getters: new Map(), maker: undefined };
  held.members.set('prototype', prototype);
  return prototype;
}

function outsideMember(stage: Stage, object: Outside, name: string): Held {
  const module = object.name.endsWith('#') ? stage.others.modules.get(object.name.slice(0, -1)) : undefined;
  if (module?.members.has(name)) return module.members.get(name);
  const member = nameMember(object, name);
  if (stage.written.size === 0 || !isThing(member) || member.kind !== 'outside') return member;
  return stage.written.has(member.name) ? stage.written.get(member.name) : member;
}

function nameMember({ name: object, origins }: Outside, name: string): Held {
  return fromValue(memberReference(object, name, origins));
}

function outside(name: string): Outside {
  return { kind: 'outside', name, origins: 0 };
}

function remark(held: Held, origins: number): Held {
  return isThing(held) ? held : marked(held, origins | originsOf(held));
}
