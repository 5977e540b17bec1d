/** Trees with a file put in, taken out or written anew. Files that stay are the same objects: what is known of them stays known. */
import { isRecord } from '../../src/model/manifest.ts';
import { type PackageFile, type PackageTree, textOf } from '../../src/model/package-tree.ts';
import { createFile } from '../../src/tarball/create-file.ts';
import { detectFormat } from '../../src/tarball/detect-format.ts';
import type { Sides } from './mechanism.ts';

export function putFile(tree: PackageTree, path: string, content: string | Uint8Array): PackageTree {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const executable = tree.files.get(path)?.executable ?? false;
  const file = createFile({ path, bytes, format: detectFormat(path, bytes), executable });
  return withFiles(tree, [...tree.files.values()].filter((one) => one.path !== path).concat(file));
}

export function removeFiles(tree: PackageTree, isRemoved: (file: PackageFile) => boolean): PackageTree {
  return withFiles(
    tree,
    [...tree.files.values()].filter((file) => !isRemoved(file)),
  );
}

function withFiles(tree: PackageTree, files: readonly PackageFile[]): PackageTree {
  return {
    ...tree,
    files: new Map(files.map((file) => [file.path, file])),
    unpackedBytes: files.reduce((bytes, file) => bytes + file.bytes.length, 0),
  };
}

/** The manifest's JSON, changed at its top level. */
export function editManifest(
  tree: PackageTree,
  edit: (manifest: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): PackageTree {
  const file = tree.files.get('package.json');
  const manifest: unknown = file === undefined ? {} : JSON.parse(textOf(file).replace(/^\ufeff/, ''));
  const edited = { ...(isRecord(manifest) ? manifest : {}), ...edit(isRecord(manifest) ? manifest : {}) };
  return putFile(tree, 'package.json', `${JSON.stringify(edited, null, 2)}\n`);
}

/** One key below a field of the manifest: a script, a dependency. */
export function putInManifest(tree: PackageTree, field: string, entry: Readonly<Record<string, string>>): PackageTree {
  return editManifest(tree, (manifest) => {
    const old = manifest[field];
    return { [field]: { ...(isRecord(old) ? old : {}), ...entry } };
  });
}

export function editAfter({ before, after }: Sides, edit: (after: PackageTree) => PackageTree): Sides {
  return { before, after: edit(after) };
}

export function readText(tree: PackageTree, path: string): string | undefined {
  const file = tree.files.get(path);
  return file === undefined ? undefined : textOf(file);
}
