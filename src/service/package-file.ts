/** A file that is published with Sluice: two folders up in the sources, three in the build. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function findPackageFile(path: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, path);
    if (existsSync(file)) return file;
  }
  throw new Error(`${path} does not stand above Sluice: it was not installed as npm installs it.`);
}
