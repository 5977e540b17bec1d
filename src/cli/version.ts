/** Sluice's own version, from the package.json above this file: two folders up in the sources, three in the build. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord } from '../model/manifest.ts';

export function readOwnVersion(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isRecord(document) && typeof document['version'] === 'string') return document['version'];
  }
  throw new Error('No package.json stands above Sluice: it was not installed as npm installs it.');
}
