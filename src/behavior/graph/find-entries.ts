/** Which files of a package its manifest names: what users import, what they run, and what npm runs on installation. */
import type { Entry, Hook } from '../../model/behavior.ts';
import { isRecord, type Manifest } from '../../model/manifest.ts';
import { type PackageTree, textOf } from '../../model/package-tree.ts';
import { listCommands } from '../scripts/list-commands.ts';
import { readCommandLine } from '../scripts/read-script.ts';
import { isSurelyDevelopmentFile } from './development-file.ts';
import { listScriptsOf } from './npm-scripts.ts';
import { findFile, normalizePath } from './resolve-module.ts';

/** A hostile `exports` may nest or match without end. */
const maxEntries = 5_000;
const maxConditionDepth = 12;

const events = ['preinstall', 'install', 'postinstall'] as const;

export function findHooks(manifest: Manifest, tree: PackageTree): Hook[] {
  const hooks: Hook[] = [];
  for (const event of events) {
    const command = manifest.scripts[event];
    if (command !== undefined && command.trim() !== '') hooks.push({ event, command, implicit: false });
  }
  const { install, preinstall } = manifest.scripts;
  if (
    tree.files.has('binding.gyp') &&
    install === undefined &&
    preinstall === undefined &&
    manifest.gypfile !== false
  ) {
    hooks.push({ event: 'install', command: 'node-gyp rebuild', implicit: true });
  }
  return hooks;
}

export function findEntries(manifest: Manifest, tree: PackageTree): Entry[] {
  const entries: Entry[] = [];
  const add = (kind: Entry['kind'], pointer: string, target: string): void => {
    if (entries.length < maxEntries) entries.push({ kind, pointer, target, path: findFile(target, tree) });
  };
  for (const { event, command, implicit } of findHooks(manifest, tree)) {
    if (implicit) continue;
    for (const { target, isCertain } of listHookFiles(command, manifest))
      if (isCertain || findFile(target, tree) !== undefined) add('hook', `/scripts/${event}`, target);
  }
  addMain(manifest, tree, entries);
  addExports(manifest.exports, tree, (pointer, target) => add('exports', pointer, target));
  if (manifest.module !== undefined && manifest.module !== '') add('module', '/module', manifest.module);
  if (typeof manifest.browser === 'string') add('browser', '/browser', manifest.browser);
  for (const [key, target] of Object.entries(typeof manifest.browser === 'object' ? manifest.browser : {})) {
    if (typeof target === 'string' && target.startsWith('.')) add('browser', `/browser/${escapePointer(key)}`, target);
  }
  for (const [command, target] of Object.entries(manifest.bin)) add('bin', `/bin/${escapePointer(command)}`, target);
  return entries;
}

/** Node falls back to index.js when `main` leads nowhere, and when there is none. */
function addMain(manifest: Manifest, tree: PackageTree, entries: Entry[]): void {
  const { main } = manifest;
  const index = findFile('', tree);
  const fallback = index === undefined || isProgram(index, manifest, tree) ? undefined : index;
  if (main !== undefined && main !== '') {
    entries.push({ kind: 'main', pointer: '/main', target: main, path: findFile(main, tree) ?? fallback });
  } else if (fallback !== undefined) {
    entries.push({ kind: 'main', pointer: '/main', target: 'index.js', path: fallback });
  }
}

/** A command line tool that Node would take for the main file, since the manifest names none; nobody imports it. */
function isProgram(path: string, { bin, main }: Manifest, tree: PackageTree): boolean {
  if (main !== undefined && main !== '') return false;
  const file = tree.files.get(path);
  if (file === undefined || !Object.values(bin).some((target) => findFile(target, tree) === path)) return false;
  const text = textOf(file);
  return text.startsWith('#!') && !/\bexports?\b/.test(text);
}

function addExports(exports: unknown, tree: PackageTree, add: (pointer: string, target: string) => void): void {
  const walk = (value: unknown, pointer: string, depth: number): void => {
    if (depth > maxConditionDepth) return;
    if (typeof value === 'string') addTarget(value, pointer);
    else if (Array.isArray(value))
      value.slice(0, 50).forEach((one, index) => {
        walk(one, `${pointer}/${index}`, depth + 1);
      });
    else if (isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) {
        // Declarations are never run.
        if (key !== 'types' && !key.startsWith('types@')) walk(inner, `${pointer}/${escapePointer(key)}`, depth + 1);
      }
    }
  };
  const addTarget = (target: string, pointer: string): void => {
    if (!target.startsWith('.') || /\.d\.[cm]?ts$/.test(target)) return;
    if (!target.includes('*') && !target.endsWith('/')) {
      add(pointer, target);
      return;
    }
    // A pattern or a folder names whatever files match, and none where none do.
    const [head = '', ...rest] = target.split('*');
    const [start, end] = [normalizePath(head.slice(0, head.lastIndexOf('/') + 1)) ?? '', rest.at(-1) ?? ''];
    const prefix = `${start === '' ? '' : `${start}/`}${head.slice(head.lastIndexOf('/') + 1)}`;
    for (const path of tree.files.keys()) {
      // Tests and samples that it happens to match are not meant, unless it names their folder.
      const isSwept = isSurelyDevelopmentFile(path.slice(start === '' ? 0 : start.length + 1));
      if (path.startsWith(prefix) && path.endsWith(end) && !isSwept) add(pointer, path);
    }
  };
  walk(exports, '/exports', 0);
}

const maxScripts = 50;

interface HookFile {
  readonly target: string;
  /** Meant to be a file of the package; other names may be programs, or files that the script can do without. */
  readonly isCertain: boolean;
}

/** Files that a script's text starts: `node a.js && ./b.sh`, and what `npm run other` leads to. */
function listHookFiles(command: string, manifest: Manifest): HookFile[] {
  const files: HookFile[] = [];
  const commands = [command];
  const names = new Set<string>();
  for (const text of commands) {
    for (const { specifier, runAs } of readCommandLine(text, 'npm').fns[0]?.loads ?? []) {
      if (runAs?.language !== 'npm-script') {
        if (runAs?.language !== 'gyp') files.push({ target: specifier, isCertain: runAs?.isCertain === true });
        continue;
      }
      for (const name of listScriptsOf(specifier, manifest)) {
        if (names.has(name) || names.size >= maxScripts) continue;
        names.add(name);
        commands.push(manifest.scripts[name] ?? '');
      }
    }
  }
  return files;
}

/** Programs of the package itself that a hook starts by name: npm has linked them by then. */
export function listOwnPrograms(command: string, { bin }: Manifest): readonly string[] {
  const started = listCommands(command).flatMap(({ words }) => {
    const [first = '', ...rest] = words;
    return first === 'npx' ? rest.filter((word) => !word.startsWith('-')).slice(0, 1) : [first];
  });
  return started.flatMap((name) => (Object.hasOwn(bin, name) ? (bin[name] ?? []) : []));
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function isMainPointer(pointer: string): boolean {
  return /^\/exports(?:\/\.)?(?:\/(?:node|import|require|default|module))*$/.test(pointer);
}

/** A pattern or a folder in `exports`. */
export function isByPattern({ kind, pointer }: Entry): boolean {
  return kind === 'exports' && /\*|~1(?:\/|$)/.test(pointer);
}
