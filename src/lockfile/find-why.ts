/** Why a package is in the tree: the shortest way from the project down to it. */
import type { LockNode } from '../model/lock-tree.ts';

/**
 * `app`, `a@1.2.0`, `c@1.0.3`: what the project ships comes before what it is only developed with.
 * A package that nothing asks for has no way, and stands alone.
 */
export function findWhy(node: LockNode): readonly string[] {
  const why = [nameNode(node)];
  for (let { way } = node; way !== undefined; { way } = way.from) why.push(nameNode(way.from));
  return why.reverse();
}

/** Whether the project itself asks for it: the root, or a workspace. */
export function isDirect({ edgesIn }: LockNode): boolean {
  return edgesIn.some(({ from }) => from.location === '' || from.source === 'workspace');
}

function nameNode({ location, name, version, source }: LockNode): string {
  if (location === '') return name === '' ? 'the project' : name;
  return source === 'workspace' || version === undefined ? name : `${name}@${version}`;
}
