/** A file that is published with Sluice: two folders up in the sources, three in the build. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function findPackageFile(path: string): string {
  const [nearest] = listPackageFiles(path);
  if (nearest === undefined)
    throw new Error(`${path} does not stand above Sluice: it was not installed as npm installs it.`);
  return nearest;
}

/** All of that name in the folders above, the nearest first. */
export function listPackageFiles(path: string): readonly string[] {
  const found: string[] = [];
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, path);
    if (existsSync(file)) found.push(file);
  }
  return found;
}
