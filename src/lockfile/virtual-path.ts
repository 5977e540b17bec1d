/**
 * npm's parser of specs wants absolute paths, and a lockfile has none: the project stands in a folder that nobody has,
 * deep enough for `../..` to stay in it.
 */

export const virtualRoot: string = `/${Array.from({ length: 24 }, (_, index) => `_${index}`).join('/')}`;

/** Relative to the project; undefined for a path that is not near it, such as one in a home folder. */
export function fromVirtualPath(path: string): string | undefined {
  const plain = path.replaceAll('\\', '/').replace(/^[a-z]:/i, '');
  if (plain === virtualRoot) return '';
  if (plain.startsWith(`${virtualRoot}/`)) return plain.slice(virtualRoot.length + 1);
  const [own, other] = [virtualRoot.split('/'), plain.split('/')];
  const shared = own.findIndex((part, index) => part !== other[index]);
  if (shared < 2) return undefined;
  return [...own.slice(shared).map(() => '..'), ...other.slice(shared)].join('/');
}

export function toVirtualPath(location: string): string {
  return location === '' ? virtualRoot : `${virtualRoot}/${location}`;
}
