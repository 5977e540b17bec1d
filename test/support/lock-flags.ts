/** The flags that npm gives each entry of a lockfile: what it is there for, by the edges that lead to it. */
import type { NotedDependencies } from './lock-notation.ts';

export interface Placed extends NotedDependencies {
  /** Flags are written into it. */
  readonly entry: Record<string, unknown>;
}

type Field = 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies';

const prod: readonly Field[] = ['dependencies'];
const all: readonly Field[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** @param placed By location; the root's is ''. */
export function placeFlags(placed: ReadonlyMap<string, Placed>): void {
  const reached = reach(placed, all);
  const without = (...left: readonly Field[]) =>
    reach(
      placed,
      all.filter((field) => !left.includes(field)),
    );
  const [required, production, unpeered] = [
    without('optionalDependencies'),
    without('devDependencies'),
    without('peerDependencies'),
  ];
  const plain = reach(placed, [...prod, 'peerDependencies']);
  for (const [location, { entry }] of placed) {
    if (location === '') continue;
    if (!reached.has(location)) {
      entry['extraneous'] = true;
      continue;
    }
    const dev = !production.has(location);
    const optional = !required.has(location);
    if (dev) entry['dev'] = true;
    if (optional) entry['optional'] = true;
    if (!dev && !optional && !plain.has(location)) entry['devOptional'] = true;
    if (!unpeered.has(location)) entry['peer'] = true;
  }
}

function reach(placed: ReadonlyMap<string, Placed>, fields: readonly Field[]): ReadonlySet<string> {
  const reached = new Set<string>(['']);
  for (const location of reached) {
    const node = placed.get(location);
    for (const field of fields) {
      for (const name of Object.keys(node?.[field] ?? {})) {
        const found = findCopy(placed, location, name);
        if (found !== undefined) reached.add(found);
      }
    }
  }
  return reached;
}

/** As Node looks for a module: from the folder itself upwards. */
export function findCopy(placed: ReadonlyMap<string, unknown>, from: string, name: string): string | undefined {
  for (let folder: string | undefined = from; folder !== undefined; folder = above(folder)) {
    const location = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (placed.has(location)) return location;
  }
  return undefined;
}

function above(folder: string): string | undefined {
  if (folder === '') return undefined;
  const at = folder.lastIndexOf('node_modules/');
  return at <= 0 ? '' : folder.slice(0, at - 1);
}
