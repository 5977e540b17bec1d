/** Where in a host a piece of code can be put, and how it is put there. */
import { type PackageTree, textOf } from '../../src/model/package-tree.ts';
import { editAfter, putFile, putInManifest } from './edit-tree.ts';
import { type HostFiles, moduleSystemOf } from './host-files.ts';
import { insertCode } from './insert-code.ts';
import type { PlaceId, Sides, Situation } from './mechanism.ts';
import type { Random } from './random-for.ts';
import type { ModuleSystem } from './snippet.ts';
import type { FileBeside } from './spellings.ts';
import type { Written } from './write-code.ts';

export interface Place {
  readonly id: PlaceId;
  readonly situation: Situation;
  /** The code becomes the body of an exported function. */
  readonly isExported: boolean;
  readonly system: ModuleSystem;
  /** The file as it is: its names are taken. */
  readonly around: string;
  /** The update, with the place in both versions: for changes to what was there before. */
  readonly prepare: (sides: Sides) => Sides;
  readonly put: (sides: Sides, written: Written, random: Random) => Sides;
}

export interface HostTree {
  readonly tree: PackageTree;
  readonly files: HostFiles;
}

/** Every place of that name in the host; empty where it has none. */
export function listPlaces(id: PlaceId, host: HostTree): readonly Place[] {
  return finders[id](host);
}

const finders: Readonly<Record<PlaceId, (host: HostTree) => readonly Place[]>> = {
  entry: (host) => inFiles(entryOf(host), { id: 'entry', situation: 'load' }, host),
  loaded: (host) => inFiles(host.files.loaded, { id: 'loaded', situation: 'load' }, host),
  'new-file': (host) => entryOf(host).flatMap((path) => inNewFile(path, host) ?? []),
  build: (host) => inFiles(host.files.builds, { id: 'build', situation: 'load' }, host),
  exported: (host) => inFiles(entryOf(host), { id: 'exported', situation: 'call', isExported: true }, host),
  'one-build': (host) =>
    inFiles(host.files.builds, { id: 'one-build', situation: 'one-build', isExported: true }, host),
  hook: (host) => (host.files.hasHook ? [] : [inHook('hook', host)]),
  'old-hook': (host) =>
    host.files.hasHook
      ? inFiles(host.files.hooks, { id: 'old-hook', situation: 'install' }, host)
      : [inHook('old-hook', host)],
  bin: (host) =>
    host.files.bins.length > 0 ? inFiles(host.files.bins, { id: 'bin', situation: 'bin' }, host) : [inNewBin(host)],
};

interface Kind {
  readonly id: PlaceId;
  readonly situation: Situation;
  readonly isExported?: true;
}

function entryOf({ files }: HostTree): readonly string[] {
  return files.entry === undefined ? [] : [files.entry];
}

function inFiles(paths: readonly string[], kind: Kind, { tree, files }: HostTree): Place[] {
  return paths.flatMap((path): Place[] => {
    const file = tree.files.get(path);
    if (file === undefined) return [];
    return [
      {
        ...kind,
        isExported: kind.isExported === true,
        system: moduleSystemOf(file, files.manifest),
        around: textOf(file),
        prepare: (sides) => sides,
        put: (sides, { code, beside }, random) =>
          editAfter(sides, (after) => {
            const text = insertCode(file, code, kind.isExported ? undefined : random);
            return putBeside(putFile(after, path, text), path, beside);
          }),
      },
    ];
  });
}

/** A file beside the entry, and a line in the entry that loads it. */
function inNewFile(entryPath: string, { tree, files }: HostTree): Place | undefined {
  const entry = tree.files.get(entryPath);
  if (entry === undefined) return undefined;
  const system = moduleSystemOf(entry, files.manifest);
  const name = `runtime${/\.[^./]+$/.exec(entryPath)?.[0] ?? '.js'}`;
  const path = entryPath.slice(0, entryPath.lastIndexOf('/') + 1) + name;
  if (tree.files.has(path)) return undefined;
  return {
    id: 'new-file',
    situation: 'load',
    isExported: false,
    system,
    around: '',
    prepare: (sides) => sides,
    put: (sides, { code, beside }, random) =>
      editAfter(sides, (after) => {
        const line = system === 'esm' ? `import './${name}';` : `require('./${name}');`;
        const withFile = putBeside(putFile(after, path, `${code}\n`), path, beside);
        return putFile(withFile, entryPath, insertCode(entry, line, random));
      }),
  };
}

/** A new one, or one that is prepared to have been there before. */
function inHook(id: 'hook' | 'old-hook', { files }: HostTree): Place {
  const path = 'scripts/postinstall.js';
  const withHook = (tree: PackageTree, code: string): PackageTree =>
    putInManifest(putFile(tree, path, code), 'scripts', { postinstall: `node ${path}` });
  const system = files.manifest.type === 'module' ? 'esm' : 'cjs';
  const old = 'const version = process.version;\nif (!version) process.exitCode = 1;\n';
  return {
    id,
    situation: 'install',
    isExported: false,
    system,
    around: '',
    prepare: ({ before, after }) => ({ before: withHook(before, old), after: withHook(after, old) }),
    put: (sides, { code, beside }) =>
      editAfter(sides, (after) => putBeside(withHook(after, `${code}\n`), path, beside)),
  };
}

function inNewBin({ files }: HostTree): Place {
  const path = 'bin/cli.js';
  const withBin = (tree: PackageTree, code: string): PackageTree =>
    putInManifest(putFile(tree, path, `#!/usr/bin/env node\n${code}\n`), 'bin', { sample: `./${path}` });
  const system = files.manifest.type === 'module' ? 'esm' : 'cjs';
  return {
    id: 'bin',
    situation: 'bin',
    isExported: false,
    system,
    around: '',
    prepare: ({ before, after }) => ({ before: withBin(before, ''), after: withBin(after, '') }),
    put: (sides, { code, beside }) => editAfter(sides, (after) => putBeside(withBin(after, code), path, beside)),
  };
}

function putBeside(tree: PackageTree, path: string, beside: FileBeside | undefined): PackageTree {
  if (beside === undefined) return tree;
  return putFile(tree, path.slice(0, path.lastIndexOf('/') + 1) + beside.name, beside.text);
}
