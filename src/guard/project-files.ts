/** What a door reads of a project at one moment: texts only, from a disk, a commit or an API. */
import { posix } from 'node:path';
import { isRecord } from '../model/manifest.ts';

export interface ProjectFiles {
  /** Path from the root of the repository; undefined text where there is no lockfile at that moment. */
  readonly lockfile: { readonly path: string; readonly text: string | undefined };
  /** Text by path from the root of the repository: package.json of the project and its workspaces, and what guards it. */
  readonly files: ReadonlyMap<string, string>;
}

/** Files by which a project guards itself, in its own folder or at the root of the repository. */
const gateFiles = ['sluice.json', '.npmrc', '.yarnrc.yml', '.yarnrc', 'pnpm-workspace.yaml', 'bunfig.toml'] as const;
export const workflowFolder = '.github/workflows';

/** Paths of what is read besides the lockfile, for a project in `folder` ('' for the root of the repository). */
export function listGuardFiles(folder: string): readonly string[] {
  const own = ['package.json', ...gateFiles].map((name) => posix.join(folder, name));
  return [...new Set([...own, ...gateFiles])];
}

/** npm's `workspaces`: patterns for folders, as a list or under `packages`; later `!` patterns take folders out again. */
export function readWorkspacePatterns(manifestText: string | undefined): readonly string[] {
  if (manifestText === undefined) return [];
  let manifest: unknown;
  try {
    manifest = JSON.parse(manifestText);
  } catch {
    // Said with its line by whoever parses the manifest for its contents.
    return [];
  }
  const field = isRecord(manifest) ? manifest['workspaces'] : undefined;
  const patterns = isRecord(field) ? field['packages'] : field;
  return Array.isArray(patterns) ? patterns.filter((one) => typeof one === 'string') : [];
}

/** @param folder Relative to the project, with slashes. */
export function isWorkspaceFolder(folder: string, patterns: readonly string[]): boolean {
  if (folder === '' || folder.split('/').includes('node_modules')) return false;
  let matches = false;
  for (const pattern of patterns) {
    const isExclusion = pattern.startsWith('!');
    const glob = posix.normalize(isExclusion ? pattern.slice(1) : pattern).replace(/^\/|\/$/g, '');
    if (posix.matchesGlob(folder, glob)) matches = !isExclusion;
  }
  return matches;
}
