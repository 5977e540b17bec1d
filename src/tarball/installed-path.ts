/**
 * Where npm puts an entry: pacote strips the first folder, whatever its name, and node-tar mends or refuses the rest.
 * The same steps in the same order, so that the tree holds what an installation would hold.
 */
import { posix, win32 } from 'node:path';
import type { AnomalyLog } from './anomaly-log.ts';

/** node-tar unpacks nothing deeper. */
const deepestFolders = 1024;

/** The path inside the package; undefined, and on record, when npm does not unpack the entry. */
export function findInstalledPath(entryPath: string, log: AnomalyLog): string | undefined {
  const slash = entryPath.indexOf('/');
  if (slash === -1) {
    log.record('outside-root', entryPath, 'it stands in no folder, so npm does not unpack it');
    return undefined;
  }
  const { root, path } = stripRoots(entryPath.slice(slash + 1));
  if (slash === 0 || root !== '') log.record('absolute-path', entryPath, `npm unpacks it as ${path}`);
  const folders = path.replaceAll('\\', '/').split('/');
  if (folders.includes('..')) {
    log.record('parent-path', entryPath, 'it leaves its folder, so npm does not unpack it');
    return undefined;
  }
  if (folders.length > deepestFolders || path.includes('\0')) {
    log.record('ambiguous-path', entryPath, 'no file can have this name, so npm does not unpack it');
    return undefined;
  }
  if (folders.length > 1 && path.includes('\\')) {
    log.record('ambiguous-path', entryPath, 'a backslash is part of the name, and on Windows a folder');
  }
  return toRelative(path);
}

/** Roots of both kinds, one after another, on every platform: `/`, `C:`, `C:/`, `//?/C:/`. */
function stripRoots(path: string): { readonly root: string; readonly path: string } {
  let rest = path;
  for (;;) {
    // Windows takes `//host/share` for one root; the name of a host is kept as a folder.
    const root = rest.startsWith('/') && !rest.startsWith('//?/') ? '/' : win32.parse(rest).root;
    if (root === '') return { root: path.slice(0, path.length - rest.length), path: rest };
    rest = rest.slice(root.length);
  }
}

/** `a//./b/` → `a/b`. The package's own folder is no file. */
function toRelative(path: string): string | undefined {
  const normal = posix.normalize(path).replace(/\/$/, '');
  return normal === '.' || normal === '' ? undefined : normal;
}
