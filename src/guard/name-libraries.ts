/**
 * A name for the libraries as they are installed: semver, npm's configuration, what verifies signatures. Package managers
 * change them by replacing folders, and write down what they did: both leave a time on the folders that hold packages.
 * Undefined where they may be others than those that this process runs.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** npm's own list of what it installed, rewritten each time. */
const npmsList = '.package-lock.json';
/** Some library of ours: the others lie beside it. */
const neighbour = 'meriyah';

export function nameLibraries(
  library: string = import.meta.resolve(neighbour),
  startedAt: number = performance.timeOrigin,
): string | undefined {
  const at = library.lastIndexOf('/node_modules/');
  if (at === -1) return undefined;
  const folder = fileURLToPath(library.slice(0, at + '/node_modules/'.length));
  try {
    const inside = readdirSync(folder).filter((name) => name.startsWith('@') || name === npmsList);
    const stats = [folder, ...inside.map((name) => join(folder, name))].map((path) => ({ path, ...timesOf(path) }));
    if (stats.some(({ changedAt }) => changedAt >= startedAt)) return undefined;
    return createHash('sha256').update(JSON.stringify(stats)).digest('hex');
  } catch {
    // Something goes away while we look: an installation is under way.
    return undefined;
  }
}

function timesOf(path: string): { readonly changedAt: number; readonly size: number } {
  const { ctimeMs, size } = statSync(path);
  return { changedAt: ctimeMs, size };
}
