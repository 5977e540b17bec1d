/** What can be assigned to: names, members, patterns. */

import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { compileKey } from './compile-parts.ts';
import { type Frame, findSlot, type Run, writeSlot } from './frame.ts';
import { type Held, isThing, listOf, originsOf, tableOf, unsure, wordOf } from './held.ts';
import { setMember } from './members.ts';
import { compileExpression, type Spot } from './spot.ts';

type Write = (frame: Frame, value: Held) => void;

export function compileTarget(node: Node, at: Spot): Write {
  switch (node.type) {
    case 'Identifier':
      return targetOfName(node.name, at);
    case 'MemberExpression': {
      const object = compileExpression(node.object, at);
      const literal = propertyName(node.property, node.computed);
      const key: Run = literal === undefined ? compileKey(node.property, at) : () => literal;
      return (frame, value) => {
        const held = object(frame);
        const name = wordOf(key(frame));
        if (name !== undefined) setMember(at.stage, held, { name, value });
      };
    }
    case 'AssignmentPattern': {
      const target = compileTarget(node.left, at);
      const otherwise: Run = node.right === undefined ? () => undefined : compileExpression(node.right, at);
      return (frame, value) => target(frame, value === undefined ? otherwise(frame) : value);
    }
    case 'ArrayPattern':
      return targetOfList(node.elements, at);
    case 'ObjectPattern':
      return targetOfObject(node.properties, at);
    default:
      return () => undefined;
  }
}

function targetOfName(name: string, { stage, names }: Spot): Write {
  const slot = findSlot(names, name);
  if (slot !== undefined) return writeSlot(slot);
  return (_, value) => setMember(stage, { kind: 'outside', name: 'globalThis', origins: 0 }, { name, value });
}

function targetOfList(elements: readonly (Node | null)[], at: Spot): Write {
  const { stage } = at;
  const targets = elements.map((element) => {
    if (element === null) return undefined;
    return element.type === 'RestElement'
      ? { write: compileTarget(element.argument, at), isRest: true }
      : { write: compileTarget(element, at), isRest: false };
  });
  return (frame, value) => {
    const parts = stage.iterate(value);
    targets.forEach((target, index) => {
      const part = parts === undefined ? unsure(originsOf(value)) : parts[index];
      target?.write(frame, target.isRest && parts !== undefined ? listOf(parts.slice(index)) : part);
    });
  };
}

function targetOfObject(properties: readonly Node[], at: Spot): Write {
  const { stage } = at;
  const targets = properties.map((property): ((frame: Frame, value: Held, taken: Set<string>) => void) => {
    if (property.type === 'RestElement') {
      const write = compileTarget(property.argument, at);
      return (frame, value, taken) => write(frame, restOf(value, taken));
    }
    if (property.type !== 'Property') return () => undefined;
    const literal = propertyName(property.key, property.computed);
    const key: Run = literal === undefined ? compileKey(property.key, at) : () => literal;
    const write = compileTarget(property.value, at);
    return (frame, value, taken) => {
      const name = wordOf(key(frame));
      if (name !== undefined) taken.add(name);
      write(frame, name === undefined ? unsure(originsOf(value)) : stage.get(value, name));
    };
  });
  return (frame, value) => {
    const taken = new Set<string>();
    for (const target of targets) target(frame, value, taken);
  };
}

function restOf(value: Held, taken: ReadonlySet<string>): Held {
  if (!isThing(value) || value.kind !== 'table') return value;
  return tableOf([...value.members].filter(([name]) => !taken.has(name)));
}
