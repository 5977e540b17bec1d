/**
 * `zone.match(/Moscow/)`: whether a variable may hold the answer of a method that finds nothing where something else is meant. Who
 * compares any other variable with nothing, asks whether there is one, and not what it is.
 */
import { findPassed } from '../flows/given-part.ts';
import { findBinding, type Node, type Scope, type Write } from '../syntax/scope.ts';

const maxNodes = 60;
/** Followed no further than the tests that are looked at are. */
const maxWrites = 4;
const maxEntrances = 2;

export function mayBeAnswer(variable: Node, scope: Scope): boolean {
  const state = { nodes: 0, open: new Set<Node>() };
  return isAnswer(variable, scope, state);
}

interface State {
  nodes: number;
  /** What comes back to itself adds nothing. */
  readonly open: Set<Node>;
}

function isAnswer(node: Node, scope: Scope, state: State): boolean {
  if (state.open.has(node)) return false;
  state.open.add(node);
  state.nodes += 1;
  if (state.nodes > maxNodes) return true;
  switch (node.type) {
    case 'Identifier':
      return (findBinding(scope, node.name)?.writes ?? [])
        .slice(0, maxWrites)
        .some((write) => isAnswerWritten(write, state));
    case 'MemberExpression':
    case 'Literal':
    case 'TemplateLiteral':
    case 'NewExpression':
      return false;
    case 'CallExpression':
      return !isText(node.callee);
    default:
      return true;
  }
}

function isAnswerWritten(write: Write, state: State): boolean {
  if (write.kind === 'value') return write.path.length > 0 || isAnswer(write.node, write.scope, state);
  if (write.kind !== 'parameter') return true;
  return write.fn.entrances.slice(0, maxEntrances).some((entrance) => {
    const passed = findPassed(entrance, write.index);
    return passed !== undefined && isAnswer(passed, entrance.site.scope, state);
  });
}

/** `String(…)`: never nothing. */
function isText(callee: Node): boolean {
  return callee.type === 'Identifier' && callee.name === 'String';
}
