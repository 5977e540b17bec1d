/** First bytes before names; names before guesses. */
import { expect, test } from 'vitest';
import type { FileFormat } from '../../src/model/package-tree.ts';
import { detectFormat } from '../../src/tarball/detect-format.ts';

const elf = bytes('7f454c46020101');
const machO = bytes('cffaedfe07000001');
const fat = bytes('cafebabe00000002');
const javaClass = bytes('cafebabe0000003d');
const png = bytes('89504e470d0a1a0a');
const portableExecutable = buildPortableExecutable();

const cases: readonly (readonly [title: string, path: string, contents: string | Uint8Array, FileFormat])[] = [
  ['a script', 'index.js', 'module.exports = 1', 'javascript'],
  ['a module', 'lib/a.mjs', 'export {}', 'javascript'],
  ['upper case', 'INDEX.CJS', '', 'javascript'],
  ['types', 'index.d.ts', 'export {}', 'typescript'],
  ['JSON', 'package.json', '{}', 'json'],
  ['a batch file', 'run.cmd', '@echo off', 'batch'],
  ['a build description', 'binding.gyp', '{}', 'gyp'],
  ['a text', 'README.md', '# Hello', 'text'],
  ['a text without a name of its own', 'LICENSE', 'MIT', 'text'],
  ['a text in Latin-1', 'AUTHORS', Buffer.from('Jos\xe9', 'latin1'), 'text'],
  ['a text in UTF-16', 'strings.txt', Buffer.from('\ufeffhi', 'utf16le'), 'text'],
  ['a drawing, which is text', 'logo.svg', '<svg/>', 'text'],
  ['nothing', 'empty', '', 'text'],
  ['a program', 'bin/tool', elf, 'elf'],
  ['a program that calls itself a script', 'lib/index.js', elf, 'elf'],
  ['a program that calls itself a text', 'README.md', machO, 'mach-o'],
  ['a program for two processors', 'tool', fat, 'mach-o'],
  ['a Java class, which begins the same', 'Main.class', javaClass, 'data'],
  ['a Windows program', 'tool.exe', portableExecutable, 'pe'],
  ['a Windows library that calls itself a script', 'index.js', portableExecutable, 'pe'],
  [
    'two letters that begin a Windows program',
    'index.js',
    'MZ = 1; // and so on, for more than sixty-four bytes in all, not a program',
    'javascript',
  ],
  ['an addon for Linux', 'build/a.node', elf, 'node-addon'],
  ['an addon for Windows', 'build/a.node', portableExecutable, 'node-addon'],
  ['no addon, whatever its name says', 'build/a.node', 'module.exports = 1', 'text'],
  ['WebAssembly', 'a.wasm', bytes('0061736d01000000'), 'wasm'],
  ['WebAssembly that calls itself an image', 'a.png', bytes('0061736d01000000'), 'wasm'],
  ['no WebAssembly, whatever its name says', 'a.wasm', bytes('00010203'), 'data'],
  ['a zip', 'a.zip', bytes('504b03040a'), 'archive'],
  ['a zip that calls itself JSON', 'a.json', bytes('504b03040a'), 'archive'],
  ['gzip', 'a.dat', bytes('1f8b08'), 'archive'],
  ['xz', 'a', bytes('fd377a585a00'), 'archive'],
  ['7z', 'a', bytes('377abcaf271c'), 'archive'],
  ['bzip2', 'a.bz2', Buffer.from('BZh91AY&SY', 'latin1'), 'archive'],
  ['Zstandard', 'a', bytes('28b52ffd'), 'archive'],
  ['tar', 'a', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar')]), 'archive'],
  [
    'a tar that is a script first',
    'a.js',
    Buffer.concat([Buffer.from('/*'.padEnd(257)), Buffer.from('ustar*/')]),
    'javascript',
  ],
  ['PNG', 'a.png', png, 'image'],
  ['PNG that calls itself a script', 'a.js', png, 'image'],
  ['GIF', 'a.gif', 'GIF89a\x01', 'image'],
  ['a script that begins like GIF', 'a.js', 'GIF89a=1;run()', 'javascript'],
  ['WebP', 'a.webp', 'RIFF\0\0\0\0WEBPVP8 ', 'image'],
  ['a font', 'a.woff2', 'wOF2\0\x01', 'font'],
  ['a script that begins like a font', 'a.js', 'wOF2=1', 'javascript'],
  ['a command for Node', 'bin/run', '#!/usr/bin/env node\n', 'javascript'],
  ['with flags', 'bin/run', '#!/usr/bin/env -S NODE_ENV=x node --no-warnings\n', 'javascript'],
  ['a command for the shell', 'bin/run', '#! /bin/sh -e\n', 'shell'],
  ['a script that the shell starts', 'run.js', '#!/bin/sh\n":" //; exec node "$0"', 'javascript'],
  ['a shell script that Node runs', 'run.sh', '#!/usr/bin/env node\n', 'javascript'],
  ['a command for another language', 'bin/run', '#!/usr/bin/env python3\n', 'text'],
  ['a lone hashbang', 'bin/run', '#!', 'text'],
  ['bytes', 'a.bin', bytes('00ff00ff'), 'data'],
  ['bytes that call themselves a text', 'a.txt', bytes('01020304fffe9981'), 'data'],
  ['a NUL far behind', 'a.txt', `${'text '.repeat(10_000)}\0`, 'data'],
];

test.each(cases)('%s: %s', (...row) => {
  const [, path, contents, format] = row;
  expect(detectFormat(path, typeof contents === 'string' ? Buffer.from(contents, 'utf8') : contents)).toBe(format);
});

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

/** The headers alone: a pointer at 60, and what it points to. */
function buildPortableExecutable(): Uint8Array {
  const program = Buffer.alloc(128);
  program.write('MZ', 0, 'latin1');
  program.writeUInt32LE(100, 60);
  program.write('PE\0\0', 100, 'latin1');
  return program;
}
