/** The lists of the installed `npm-high-impact`. */
import { readFileSync } from 'node:fs';
import { npmHighImpact, npmTopDependents, npmTopDownloads } from 'npm-high-impact';
import type { NameLists } from './render-popular-names.ts';

const manifestFile = new URL('./package.json', import.meta.resolve('npm-high-impact'));

export function loadNameLists(date: string): NameLists {
  const manifest: unknown = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return {
    source: `npm-high-impact ${version}`,
    date,
    all: npmHighImpact,
    byDownloads: npmTopDownloads,
    byDependents: npmTopDependents,
  };
}
