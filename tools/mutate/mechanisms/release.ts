/** A release that is not what it was: emptied, broken, or bringing others along. */
import type { PackageFile, PackageTree } from '../../../src/model/package-tree.ts';
import { readManifest } from '../../../src/tarball/read-manifest.ts';
import { editAfter, putFile, removeFiles } from '../edit-tree.ts';
import type { Edit, TreeMechanism } from '../mechanism.ts';
import { addFile, all, appendTo, onEntry, onManifest, rewriteEntry, setInManifest } from './edits.ts';

/** A smaller package has nothing to be emptied of. */
const leastBytes = 6_000;
const farewell = `/*\n${' * What really happened?\n'.repeat(400)} */\nmodule.exports = {};\n`;

export const release: readonly TreeMechanism[] = [
  {
    id: 'package-emptied',
    rule: 'package-emptied',
    demand: 'block',
    ways: { 'all code gone': emptied('module.exports = {};\n'), 'a farewell in its place': emptied(farewell) },
    twins: {
      'documents left out': ({ before, after }) => ({
        before: putFile(before, 'docs/manual.txt', 'How to use it.\n'.repeat(2_000)),
        after: removeFiles(after, ({ path }) => /^(?:tests?|docs?|examples?)\/|\.md$|\.map$/.test(path)),
      }),
    },
  },
  {
    id: 'entry-gone',
    rule: 'entry-missing',
    demand: 'block',
    ways: {
      'main removed': onEntry((after, file) => removeFiles(after, ({ path }) => path === file.path)),
      'main named wrongly': setInManifest({ main: './lib/far.js', exports: './lib/far.js' }),
      'a bin that is not there': setInManifest({ bin: { sample: './bin/far.js' } }),
      'a script that is not there': onManifest('scripts', { postinstall: 'node ./far/install.js' }),
    },
    twins: { 'one more file': addFile('lib/sample-part.js', 'module.exports = 1;\n') },
  },
  {
    id: 'names-lost',
    rule: 'exports-lost',
    demand: 'review',
    ways: { 'one name is gone': loseName() },
    twins: {
      'one name more': rewriteEntry((text, system) =>
        appendTo(text, `${system === 'esm' ? 'export const ' : 'module.exports.'}sampleName = '1';`),
      ),
    },
  },
  {
    id: 'dependency-from-elsewhere',
    rule: 'dependency-source-added',
    demand: 'block',
    ways: {
      git: onManifest('dependencies', { 'far-helper': 'git+ssh://git@far.invalid/far/helper.git' }),
      'a URL': onManifest('dependencies', { 'far-helper': 'https://far.invalid/helper.tgz' }),
      'a shorthand': onManifest('optionalDependencies', { 'far-helper': 'far/helper#0123456789abcdef' }),
      'a folder': onManifest('dependencies', { 'far-helper': 'file:../far' }),
    },
    twins: {
      'a git dependency of developers': onManifest('devDependencies', { 'far-helper': 'github:far/helper' }),
      engines: setInManifest({ engines: { node: '>=20' } }),
    },
  },
  {
    id: 'dependency-nobody-imports',
    rule: 'dependency-added-unused',
    demand: 'review',
    ways: {
      dependencies: onManifest('dependencies', { 'far-plain-hash': '^4.2.1' }),
      optionalDependencies: onManifest('optionalDependencies', { 'far-plain-hash': '4.2.1' }),
    },
    twins: {
      'a dependency that is imported': all(
        rewriteEntry((text, system) => {
          const line = system === 'esm' ? `import * as farWords from 'far-words';` : `;require('far-words');`;
          return appendTo(text, line);
        }),
        onManifest('dependencies', { 'far-words': '^1.0.0' }),
      ),
      types: onManifest('dependencies', { '@types/far-words': '^1.0.0' }),
      'a peer': onManifest('peerDependencies', { 'far-words': '>=1' }),
    },
  },
];

function emptied(rest: string): Edit {
  const clear: Edit = (sides) => {
    if (sumCode(sides.before) < leastBytes) return undefined;
    return editAfter(sides, (after) => putFile(removeFiles(after, isCode), 'index.js', rest));
  };
  const entries = { main: 'index.js', module: 'index.js', exports: './index.js', bin: {}, browser: {} };
  return all(clear, setInManifest({ ...entries, type: 'commonjs' }));
}

function isCode({ path }: PackageFile): boolean {
  return /\.[cm]?js$/.test(path);
}

function sumCode(tree: PackageTree): number {
  return [...tree.files.values()].filter(isCode).reduce((bytes, file) => bytes + file.bytes.length, 0);
}

/** A name that both versions export, no longer exported by a version that is not a major one. */
function loseName(): Edit {
  return (sides, random) => {
    if (majorOf(sides.before) !== majorOf(sides.after)) return undefined;
    const edit = rewriteEntry((text, system) => {
      const pattern =
        system === 'esm' ? /^export (?:async )?(?:function|class|const) (\w+)/m : /^exports\.(\w+) = (?!void 0)/m;
      const name = pattern.exec(text)?.[1];
      if (name === undefined || name === '__esModule') return undefined;
      return system === 'esm'
        ? text.replace(pattern, (found) => found.slice('export '.length))
        : text.replaceAll(new RegExp(`\\bexports\\.${name}\\b`, 'g'), `exports.${name}Lost`);
    });
    return edit(sides, random);
  };
}

function majorOf(tree: PackageTree): string | undefined {
  const manifest = readManifest(tree);
  return manifest.known ? manifest.value.version?.split('.')[0] : undefined;
}
