/** Which files of a package its manifest names: what users import, what they run, and what npm runs on installation. */
import type { Entry, Hook } from '../model/behavior.ts';
import { isRecord, type Manifest } from '../model/manifest.ts';
import type { PackageTree } from '../model/package-tree.ts';
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
    for (const target of filesOfCommand(command, manifest)) add('hook', `/scripts/${event}`, target);
    // Code in a command is often there to pass over a file that is not packed.
    for (const target of filesOfCode(command))
      if (findFile(target, tree) !== undefined) add('hook', `/scripts/${event}`, target);
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
  const fallback = findFile('', tree);
  if (main !== undefined && main !== '') {
    entries.push({ kind: 'main', pointer: '/main', target: main, path: findFile(main, tree) ?? fallback });
  } else if (fallback !== undefined) {
    entries.push({ kind: 'main', pointer: '/main', target: 'index.js', path: fallback });
  }
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
    for (const path of tree.files.keys()) if (path.startsWith(prefix) && path.endsWith(end)) add(pointer, path);
  };
  walk(exports, '/exports', 0);
}

const maxScriptDepth = 4;
const maxFilesOfCode = 20;

/** Files that a script's text starts: `node a.js && ./b.sh`, and what `npm run other` leads to. */
function filesOfCommand(command: string, manifest: Manifest, depth = 0): string[] {
  const files: string[] = [];
  for (const part of command.split(/&&|\|\||[;|&\n]/)) {
    const words = part.trim().split(/\s+/).map(unquote);
    while (words[0] !== undefined && /^(?:cross-env|env|npx|exec|call|start|sudo)$|^[A-Za-z_]\w*=/.test(words[0]))
      words.shift();
    const [program, ...rest] = words;
    if (program === undefined) continue;
    if (/^(?:npm|yarn|pnpm)$/.test(program) && depth < maxScriptDepth) {
      const name = rest.find((word) => word !== 'run' && word !== 'run-script' && !word.startsWith('-'));
      const script = name === undefined ? undefined : manifest.scripts[name];
      if (script !== undefined) files.push(...filesOfCommand(script, manifest, depth + 1));
      continue;
    }
    const target = interpreters.test(program) ? rest.find((word) => !word.startsWith('-')) : program;
    const evaluates = rest.some((word) => /^(?:-e|-p|-c|--eval|--print)$/.test(word));
    if (target === undefined || (interpreters.test(program) && evaluates)) continue;
    if (interpreters.test(program) || /^\.{1,2}[\\/]/.test(target)) files.push(target.replaceAll('\\', '/'));
  }
  return files;
}

/** Files that `node -e "…"` loads. */
function filesOfCode(command: string): string[] {
  const loads = command.matchAll(/\b(?:require|import)\s*\(\s*\\?['"`](\.[^'"`\\]+)/g);
  return [...loads].flatMap(([, path]) => path ?? []).slice(0, maxFilesOfCode);
}

const interpreters = /^(?:node|nodejs|bun|deno|tsx|ts-node|sh|bash|zsh|python3?|perl|ruby)(?:\.exe)?$/;

function unquote(word: string): string {
  return word.replace(/^(['"])(.*)\1$/, '$2');
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
