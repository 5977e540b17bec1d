/** `typeof Promise === 'undefined'`, `!Object.assign`: whether a test holds where something is not there. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';

/** @param mentions Whether a part of the test speaks of it at all: so does the test. */
export function asksForAbsence(test: Node, mentions: (part: Node) => boolean): boolean {
  switch (test.type) {
    case 'UnaryExpression':
      return test.operator === '!' && !asksForAbsence(test.argument, mentions);
    // What fills a gap replaces as well what is known not to work: `!fetch || isBroken()`.
    case 'LogicalExpression':
      return [test.left, test.right].some((side) => mentions(side) && asksForAbsence(side, mentions));
    case 'SequenceExpression': {
      const last = test.expressions.at(-1);
      return last !== undefined && mentions(last) && asksForAbsence(last, mentions);
    }
    case 'BinaryExpression':
      return comparesWithNothing(test);
    default:
      return false;
  }
}

function comparesWithNothing({ operator, left, right }: ESTree.BinaryExpression): boolean {
  if (left.type === 'PrivateIdentifier') return false;
  const isEqual = operator === '===' || operator === '==';
  const isUnequal = operator === '!==' || operator === '!=';
  if (isNothing(left) || isNothing(right)) return isEqual;
  return isUnequal && ((isTypeof(left) && isText(right)) || (isText(left) && isTypeof(right)));
}

/** What a test only compares with nothing: the `one` of `null === one`. */
export function findComparedWithNothing(test: Node): Node | undefined {
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return undefined;
  if (test.left.type === 'PrivateIdentifier') return undefined;
  if (isNothing(test.right)) return test.left;
  return isNothing(test.left) ? test.right : undefined;
}

/** `!JSON.parse.mine`: whether a test asks if the member bears a name that it does not have by itself. */
export function asksForMark(test: Node, member: string): boolean {
  if (test.type === 'UnaryExpression' && test.operator === '!') return asksForMark(test.argument, member);
  if (test.type === 'LogicalExpression') return asksForMark(test.left, member) || asksForMark(test.right, member);
  if (test.type !== 'MemberExpression') return false;
  const name = propertyName(test.property, test.computed);
  return (name === undefined || !ownNames.has(name)) && endsWith(test.object, member);
}

function endsWith(node: Node, member: string): boolean {
  if (node.type === 'Identifier') return node.name === member;
  return node.type === 'MemberExpression' && propertyName(node.property, node.computed) === member;
}

/** Of functions and classes of the language that polyfills look for. */
const ownNames: ReadonlySet<string> = new Set(
  `prototype length name call apply bind all allSettled any race resolve reject try withResolvers cast defer parse stringify
  rawJSON log info warn error debug trace table group time memory`.split(/\s+/),
);

/** What a comparison asks for, and whether that is there where the comparison holds. */
export function comparedPresence(
  test: ESTree.BinaryExpression,
): { readonly node: Node; readonly isThere: boolean } | undefined {
  const { left, right } = test;
  if (!/^[!=]==?$/.test(test.operator) || left.type === 'PrivateIdentifier') return undefined;
  const isEqual = !test.operator.startsWith('!');
  for (const [one, other] of [
    [left, right],
    [right, left],
  ]) {
    if (one?.type === 'UnaryExpression' && one.operator === 'typeof' && other?.type === 'Literal')
      return { node: one.argument, isThere: (other.value === 'undefined') !== isEqual };
    if (one !== undefined && other !== undefined && isNothing(other) && !isTypeof(one))
      return { node: one, isThere: !isEqual };
  }
  return undefined;
}

function isNothing(node: Node): boolean {
  if (node.type === 'Literal') return node.value === null || node.value === 'undefined';
  if (node.type === 'UnaryExpression') return node.operator === 'void';
  return node.type === 'Identifier' && node.name === 'undefined';
}

function isTypeof(node: Node): boolean {
  return node.type === 'UnaryExpression' && node.operator === 'typeof';
}

function isText(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string';
}
