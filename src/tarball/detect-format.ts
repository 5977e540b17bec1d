/**
 * What a file is: by its first bytes where those are certain, then by its name, then by whether it reads as text.
 * It says what the file is, not what will run it: Node imports a file of any name that is no .json or .node as JavaScript.
 */
import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import type { FileFormat } from '../model/package-tree.ts';
import { findMagic } from './magic-bytes.ts';

const formatByExtension: ReadonlyMap<string, FileFormat> = new Map<string, FileFormat>([
  ['.js', 'javascript'],
  ['.cjs', 'javascript'],
  ['.mjs', 'javascript'],
  ['.jsx', 'javascript'],
  ['.ts', 'typescript'],
  ['.cts', 'typescript'],
  ['.mts', 'typescript'],
  ['.tsx', 'typescript'],
  ['.json', 'json'],
  ['.map', 'json'],
  ['.webmanifest', 'json'],
  ['.sh', 'shell'],
  ['.bash', 'shell'],
  ['.zsh', 'shell'],
  ['.ksh', 'shell'],
  ['.fish', 'shell'],
  ['.bat', 'batch'],
  ['.cmd', 'batch'],
  ['.ps1', 'batch'],
  ['.psm1', 'batch'],
  ['.vbs', 'batch'],
  ['.gyp', 'gyp'],
  ['.gypi', 'gyp'],
]);

const nativeFormats: ReadonlySet<FileFormat> = new Set(['elf', 'pe', 'mach-o']);
const interpreters: ReadonlyMap<string, FileFormat> = new Map<string, FileFormat>([
  ['node', 'javascript'],
  ['nodejs', 'javascript'],
  ['bun', 'javascript'],
  ['deno', 'javascript'],
  ['tsx', 'typescript'],
  ['ts-node', 'typescript'],
  ['sh', 'shell'],
  ['bash', 'shell'],
  ['dash', 'shell'],
  ['ash', 'shell'],
  ['zsh', 'shell'],
  ['ksh', 'shell'],
  ['fish', 'shell'],
]);

/** Longer than any hashbang that a kernel reads. */
const hashbangBytes = 256;
const sampleBytes = 8192;

export function detectFormat(path: string, bytes: Uint8Array): FileFormat {
  const extension = posix.extname(path).toLowerCase();
  const named = formatByExtension.get(extension);
  const magic = findMagic(bytes);
  if (magic !== undefined && (magic.neverText || named === undefined)) {
    return extension === '.node' && nativeFormats.has(magic.format) ? 'node-addon' : magic.format;
  }
  // Programs for Node may begin with a line for the shell; their name tells them apart.
  if (named === 'javascript' || named === 'typescript') return named;
  return findInterpreter(bytes) ?? named ?? (isText(bytes) ? 'text' : 'data');
}

function findInterpreter(bytes: Uint8Array): FileFormat | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const [line = ''] = Buffer.from(bytes.subarray(2, hashbangBytes))
    .toString('latin1')
    .split(/[\r\n]/);
  const [program = '', ...flags] = line.trim().split(/\s+/);
  const name = posix.basename(program);
  // `env -S node --flag`, `env NAME=value node`
  const started = name === 'env' ? flags.find((word) => !word.startsWith('-') && !word.includes('=')) : name;
  return interpreters.get(posix.basename(started ?? ''));
}

/** Valid UTF-8 without NUL; or another encoding of text: marked as UTF-16, or free of control characters. */
function isText(bytes: Uint8Array): boolean {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return true;
  if (bytes.includes(0)) return false;
  return isUtf8(bytes) || !bytes.subarray(0, sampleBytes).some(isControl);
}

/** Compressed and compiled bytes hold these within a few dozen; Latin-1 and GBK texts never do. */
function isControl(byte: number): boolean {
  return byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b;
}
