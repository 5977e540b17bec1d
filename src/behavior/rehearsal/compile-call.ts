/** Calls: of members with their object, of the rest without. */

import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { compileElements, compileKey } from './compile-parts.ts';
import type { Run } from './frame.ts';
import { type Held, isThing, listOf, originsOf, unsure, wordOf } from './held.ts';
import { callMember } from './methods.ts';
import { compileExpression, type Spot } from './spot.ts';

export function compileCall(node: ESTree.CallExpression, at: Spot): Run {
  const { stage } = at;
  const given = compileElements(node.arguments, at);
  const callee = bare(node.callee);
  const seen = resultKeeper(node, at);
  if (callee.type === 'Super') {
    return (frame) => {
      const { self } = frame.call;
      const maker = isThing(self) && self.kind === 'table' ? self.maker : undefined;
      const parent = isThing(maker) && maker.kind === 'maker' ? maker.parent : undefined;
      stage.initializeParent(parent, { self, given: given(frame) }, node);
      if (isThing(maker) && maker.kind === 'maker' && isThing(self) && self.kind === 'table') maker.prepare(self);
      return self;
    };
  }
  if (callee.type !== 'MemberExpression') {
    const run = compileExpression(callee, at);
    return (frame) => {
      const fn = run(frame);
      if (node.optional === true && (fn === undefined || fn === null)) return undefined;
      return seen(stage.call(fn, { self: undefined, given: given(frame) }, node));
    };
  }
  const object = compileExpression(callee.object, at);
  const literal = propertyName(callee.property, callee.computed);
  const key: Run = literal === undefined ? compileKey(callee.property, at) : () => literal;
  return (frame) => {
    const [self, found] = [object(frame), key(frame)];
    if (callee.optional === true && (self === undefined || self === null)) return undefined;
    const name = wordOf(found);
    if (name === undefined) return callUnsure(self, found, given(frame));
    return seen(callMember(stage, { self, name, given: given(frame), place: node }));
  };

  function callUnsure(self: Held, found: Held, passed: readonly Held[]): Held {
    const unknown = unsure(originsOf(self) | originsOf(found));
    return stage.call(unknown, { self, given: passed }, node);
  }
}

const maxResults = 64;

/** Texts that a call gave, and things of the outside, are written down. */
function resultKeeper(node: Node, { stage }: Spot): (value: Held) => Held {
  let seen = 0;
  return (value) => {
    if (seen < maxResults && tells(value)) {
      seen += 1;
      stage.seeValue(node, value);
    }
    return value;
  };
}

function tells(value: Held): boolean {
  if (typeof value === 'string') return value.length > 1;
  if (!isThing(value)) return false;
  return value.kind === 'marked' ? typeof value.value === 'string' : value.kind === 'outside';
}

/** `(0, a.b)(…)` calls `a.b`. */
function bare(callee: Node): Node {
  if (callee.type === 'ParenthesizedExpression' || callee.type === 'ChainExpression') return bare(callee.expression);
  return callee;
}

export function compileNew(node: ESTree.NewExpression, at: Spot): Run {
  const [callee, given] = [compileExpression(node.callee, at), compileElements(node.arguments, at)];
  return (frame) => at.stage.construct(callee(frame), given(frame), node);
}

/** `tag\`a${b}c\`` */
export function compileTagged(node: ESTree.TaggedTemplateExpression, at: Spot): Run {
  const [tag, values] = [compileExpression(node.tag, at), compileElements(node.quasi.expressions, at)];
  const texts = node.quasi.quasis.map(({ value }): Held => value.cooked ?? '');
  const whole = texts.length === 1 ? texts[0] : undefined;
  return (frame) => {
    const fn = tag(frame);
    const isOutside = isThing(fn) && fn.kind === 'outside';
    // What a function of the outside is given so, is told as the text that it is.
    const given = isOutside && whole !== undefined ? [whole] : [listOf([...texts]), ...values(frame)];
    return at.stage.call(fn, { self: undefined, given }, node);
  };
}
