/** The edits that the entries about files and manifests are made of. */
import { createHash } from 'node:crypto';
import type { FileFormat, PackageFile, PackageTree } from '../../../src/model/package-tree.ts';
import { textOf } from '../../../src/model/package-tree.ts';
import { editAfter, editManifest, putFile, putInManifest } from '../edit-tree.ts';
import { findHostFiles, moduleSystemOf } from '../host-files.ts';
import { findEnd } from '../insert-code.ts';
import type { Edit } from '../mechanism.ts';
import type { ModuleSystem } from '../snippet.ts';

/** A change of the file that importing the package loads first; none where there is no such file. */
export function onEntry(edit: (after: PackageTree, entry: PackageFile) => PackageTree | undefined): Edit {
  return ({ before, after }) => {
    const path = findHostFiles(after)?.entry;
    const entry = path === undefined ? undefined : after.files.get(path);
    const edited = entry === undefined ? undefined : edit(after, entry);
    return edited && { before, after: edited };
  };
}

export function rewriteEntry(rewrite: (text: string, system: ModuleSystem) => string | undefined): Edit {
  return onEntry((after, file) => {
    const text = rewrite(textOf(file), systemOf(after, file));
    return text === undefined ? undefined : putFile(after, file.path, text);
  });
}

/** The last line of the entry, in front of the comment that ends a built file. */
export function append(line: string): Edit {
  return rewriteEntry((text) => appendTo(text, line));
}

export function appendTo(text: string, line: string): string {
  const end = findEnd(text);
  return `${text.slice(0, end)}\n${line}\n${text.slice(end)}`;
}

export function onManifest(field: string, entry: Readonly<Record<string, string>>): Edit {
  return (sides) => editAfter(sides, (after) => putInManifest(after, field, entry));
}

export function setInManifest(fields: Readonly<Record<string, unknown>>): Edit {
  return (sides) => editAfter(sides, (after) => editManifest(after, () => fields));
}

export function addFile(path: string, content: string | Uint8Array): Edit {
  return (sides) => editAfter(sides, (after) => putFile(after, path, content));
}

/** One after the other; nothing if one of them finds nothing to do. */
export function all(...edits: readonly Edit[]): Edit {
  return (sides, random) =>
    edits.reduce<ReturnType<Edit>>((done, edit) => (done === undefined ? undefined : edit(done, random)), sides);
}

/** The same in the old version: what was there before. */
export function before(edit: Edit): Edit {
  return (sides, random) => {
    const edited = edit({ before: sides.before, after: sides.before }, random);
    return edited && { before: edited.after, after: sides.after };
  };
}

export function unlessIn(old: (tree: PackageTree) => boolean, edit: Edit): Edit {
  return (sides, random) => (old(sides.before) ? undefined : edit(sides, random));
}

export function holdsFormat(format: FileFormat): (tree: PackageTree) => boolean {
  return (tree) => [...tree.files.values()].some((file) => file.format === format);
}

function systemOf(tree: PackageTree, file: PackageFile): ModuleSystem {
  const manifest = findHostFiles(tree)?.manifest;
  return manifest === undefined ? 'cjs' : moduleSystemOf(file, manifest);
}

/** Bytes that begin as a file of that kind does, and mean nothing. */
function bytesAfter(...start: readonly number[]): Uint8Array {
  const blocks = Array.from({ length: 300 }, (_, at) => createHash('sha512').update(`block ${at}`).digest());
  return Buffer.concat([Buffer.from(start), ...blocks]);
}

export const elf: Uint8Array = bytesAfter(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1);
export const machO: Uint8Array = bytesAfter(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1);
export const wasm: Uint8Array = bytesAfter(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
export const png: Uint8Array = bytesAfter(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);
export const font: Uint8Array = bytesAfter(0x77, 0x4f, 0x46, 0x32, 0, 1, 0, 0);
/** The old header, whose field at 60 leads to the new one. */
export const windowsProgram: Uint8Array = Buffer.concat([
  Buffer.from([0x4d, 0x5a]),
  Buffer.alloc(58),
  Buffer.from([64, 0, 0, 0, 0x50, 0x45, 0, 0, 0x64, 0x86]),
  bytesAfter(),
]);
