/** Sluice's own version, from the nearest package.json above that names one. */
import { readFileSync } from 'node:fs';
import { listPackageFiles } from '../guard/package-file.ts';
import { isRecord } from '../model/manifest.ts';

export function readOwnVersion(): string {
  for (const path of listPackageFiles('package.json')) {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isRecord(document) && typeof document['version'] === 'string') return document['version'];
  }
  throw new Error('No package.json stands above Sluice: it was not installed as npm installs it.');
}
