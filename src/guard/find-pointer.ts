/** Where in a JSON text a JSON pointer leads: the place a person looks at. Attacker-controlled text. */
import type { Node } from 'jsonc-parser';
import { parseTree } from 'jsonc-parser';

export interface TextPlace {
  /** 1-based. */
  readonly line: number;
  /** 0-based, in the line. */
  readonly column: number;
}

/** Larger than any package.json that a person wrote. */
const maxCharacters = 1_000_000;

/** Of the longest part of the pointer that exists: a finding may be about what is not there. Undefined where even that fails. */
export function findPointer(text: string, pointer: string): TextPlace | undefined {
  const root = text.length > maxCharacters ? undefined : findRoot(text);
  if (root === undefined) return undefined;
  let node = root;
  for (const key of parsePointer(pointer)) {
    const child = findChild(node, key);
    if (child === undefined) break;
    node = child;
  }
  // A property is shown from its key on.
  const { offset } = node.parent?.type === 'property' ? node.parent : node;
  const before = text.slice(0, offset).split('\n');
  return node === root ? undefined : { line: before.length, column: before.at(-1)?.length ?? 0 };
}

function findRoot(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch (error) {
    // The parser calls itself for each level; the stack is its only limit.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parsePointer(pointer: string): readonly string[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Of equal keys the last one, as JSON.parse has it: the first may be there to be looked at. */
function findChild(node: Node, key: string): Node | undefined {
  if (node.type === 'array') return node.children?.[Number(key)];
  if (node.type !== 'object') return undefined;
  return node.children?.findLast((property) => property.children?.[0]?.value === key)?.children?.[1];
}
