/** A variable of the environment by which whoever runs the program asks for a patch: `if (process.env.SAMPLE_PATCH_FS)`. */

import type { Condition, Node, Scope } from '../syntax/scope.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { referenceNames } from '../values/value.ts';

/** No machine has one that is called so unless somebody wanted it. */
export const switchName: RegExp = /\b[A-Z0-9]+(?:_[A-Z0-9]+)*_(?:MONKEY_?)?(?:PATCH(?:ES)?|MOCK|SHIM)(?:_[A-Z0-9]+)*\b/;

/** The variable's name, where the site runs only if it is set. */
export function findSwitch({ test, scope, negated }: Condition, evaluator: Evaluator): string | undefined {
  return negated ? unlessSet(test, scope, evaluator) : ifSet(test, scope, evaluator);
}

function ifSet(test: Node, scope: Scope, evaluator: Evaluator): string | undefined {
  if (test.type === 'ParenthesizedExpression') return ifSet(test.expression, scope, evaluator);
  if (test.type === 'UnaryExpression' && test.operator === '!') return unlessSet(test.argument, scope, evaluator);
  if (test.type === 'LogicalExpression' && test.operator === '&&')
    return ifSet(test.left, scope, evaluator) ?? ifSet(test.right, scope, evaluator);
  if (test.type === 'BinaryExpression' && /^===?$/.test(test.operator) && test.right.type === 'Literal')
    return test.right.value ? variableOf(test.left, scope, evaluator) : undefined;
  return variableOf(test, scope, evaluator);
}

/** `if (!process.env.SAMPLE_PATCH || done) return;` */
function unlessSet(test: Node, scope: Scope, evaluator: Evaluator): string | undefined {
  if (test.type === 'ParenthesizedExpression') return unlessSet(test.expression, scope, evaluator);
  if (test.type === 'UnaryExpression' && test.operator === '!') return ifSet(test.argument, scope, evaluator);
  if (test.type === 'LogicalExpression' && test.operator === '||')
    return unlessSet(test.left, scope, evaluator) ?? unlessSet(test.right, scope, evaluator);
  return undefined;
}

function variableOf(node: Node, scope: Scope, evaluator: Evaluator): string | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'Identifier') return undefined;
  const [name, other] = referenceNames(evaluator.evaluate(node, scope));
  if (name === undefined || other !== undefined || !name.startsWith('process.env.')) return undefined;
  const variable = name.slice('process.env.'.length);
  return switchName.exec(variable)?.[0] === variable ? variable : undefined;
}
