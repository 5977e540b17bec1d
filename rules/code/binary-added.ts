/**
 * A program that nobody can read: native code, WebAssembly, an archive, told by their first bytes whatever the file is
 * called; or one of them packed into a text. A package that always shipped such files only replaces them.
 * Over 300 lines: half are examples.
 */
import type { Behavior, Hook, ModuleComparison, ModuleGraph } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { FileFormat, PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, describeBytes, shorten } from '../../src/rule.ts';

type Family = 'native code' | 'WebAssembly' | 'an archive';

const families: Readonly<Partial<Record<FileFormat, Family>>> = {
  elf: 'native code',
  pe: 'native code',
  'mach-o': 'native code',
  'node-addon': 'native code',
  wasm: 'WebAssembly',
  archive: 'an archive',
};

/** How gzip, zip, ELF, Windows programs and WebAssembly begin in base64. */
const packedStarts: readonly (readonly [start: string, family: Family])[] = [
  ['H4sI', 'an archive'],
  ['UEsDB', 'an archive'],
  ['f0VMR', 'native code'],
  ['TVqQ', 'native code'],
  ['AGFzbQ', 'WebAssembly'],
];
/** Less than this is an icon or a test's sample. */
const minPackedLength = 20_000;
/** How many archives are searched for in the code; the others count as named. */
const maxSearches = 20;
/** A hostile package starts something in every line; the strongest tiers come first. */
const maxStarters = 200;

export const binaryAdded: Rule = defineRule({
  id: 'binary-added',
  family: 'code',
  title: 'A file that nobody can read came with the update',
  rationale:
    'What native code, WebAssembly or an archive does cannot be told from its text, and a review cannot see it.',
  remedy: 'Ask the maintainers where the file comes from and how it is built. Until then stay on the old version.',
  level: 'review',
  incidents: [
    {
      what: 'eslint-config-prettier 8.10.1 and others: a Windows library, started by an install script',
      when: '2025-07-18',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2025-54313',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'modules', 'behaviors'],
  kinds: {
    started: {
      level: 'block',
      about: 'An install script, or code that runs on import, names the file and starts or loads it.',
    },
    prebuilt: { level: 'notice', about: 'An addon that the old version built on installation comes ready-made.' },
    'at-rest': { level: 'notice', about: 'An archive that no code names: documents and samples are packed so.' },
  },
  flags: [
    {
      title: 'native code under the name of a text, WebAssembly, and an archive that nothing names',
      before: { 'index.js': '' },
      after: {
        'index.js': '',
        'notes.txt': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0]),
        'fast.wasm': new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
        'test/samples.js': `require('./' + 'samples.gz');\n`,
        'samples.gz': new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      },
      expect: [
        { message: 'notes.txt (20 B) is native code, and the old version had none', at: atFile('notes.txt') },
        { message: 'fast.wasm (8 B) is WebAssembly, and the old version had none', at: atFile('fast.wasm') },
        {
          kind: 'at-rest',
          message: 'samples.gz (20 B) is an archive, and the old version had none; no code names it',
          at: atFile('samples.gz'),
        },
      ],
    },
    {
      title: 'a program that an install script starts',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node install.js' } },
        'index.js': '',
        'install.js': 'require("child_process").execFile(__dirname + "/bin/tool.dat");\n',
        'bin/tool.dat': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0]),
      },
      expect: [
        {
          kind: 'started',
          message: 'bin/tool.dat (20 B) is native code, and the old version had none; install.js starts it',
          at: atFile('bin/tool.dat'),
          via: ['scripts/postinstall', 'install.js'],
        },
      ],
    },
    {
      title: 'addons for two platforms, where the old version built one on installation',
      before: { 'package.json': { scripts: { install: 'node-gyp rebuild' } }, 'binding.gyp': '{}' },
      after: {
        'prebuilds/linux.node': new Uint8Array([
          0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0,
        ]),
        'prebuilds/musl.node': new Uint8Array([
          0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 1,
        ]),
      },
      expect: [
        {
          kind: 'prebuilt',
          message:
            'prebuilds/linux.node (20 B) is native code, and the old version had none, but built it on installation (and 1 more file like it)',
          at: atFile('prebuilds/linux.node'),
        },
      ],
    },
    {
      title: 'an archive where a source map should be',
      before: { 'index.js': '' },
      after: { 'index.js': `//# sourceMappingURL=data:application/json;base64,H4sI${'A'.repeat(30_000)}\n` },
      expect: [
        {
          message: 'index.js holds an archive of 30.0 kB in base64, and the old version had none',
          at: { in: 'tarball', path: 'index.js', line: 1 },
        },
      ],
    },
    {
      title: 'an archive inside a script',
      before: { 'index.js': '' },
      after: { 'index.js': `exports.data = "H4sI${'A'.repeat(30_000)}";\n` },
      expect: [
        {
          message: 'index.js holds an archive of 30.0 kB in base64, and the old version had none',
          at: atFile('index.js', 1),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'another build of what was there, under another name',
      before: { 'lib/v1.wasm': new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) },
      after: { 'lib/v2.wasm': new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0]) },
    },
    {
      title: 'letters of an archive in the middle of a source map',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.one = 1;\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJz${'A'.repeat(90)}H4sI${'A'.repeat(30_000)}\n`,
      },
    },
    {
      title: 'pictures, fonts and a short sample in base64',
      before: { 'index.js': '' },
      after: {
        'index.js': 'exports.sample = "H4sIAAAAAAAAAwMAAAAAAAAAAAA=";\n',
        'logo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      },
    },
  ],
  check({ files, modules, behaviors }) {
    if (files.before === undefined) return [];
    const had = listFamilies(files.before);
    const starters = listStarters(modules.after.hooks, behaviors.added);
    const namesOf = searchCode(files.after, modules.after);
    const wasBuilt = files.before.files.has('binding.gyp') || builds(modules);
    const fresh = [...files.added, ...files.changed.map((change) => change.after)];
    const groups = new Map<string, { readonly evidence: Evidence<Kind>; readonly others: number }>();
    for (const file of fresh) {
      const family = families[file.format];
      if (family === undefined || had.has(family)) continue;
      const evidence = describe(file, family, {
        starters,
        wasBuilt,
        namesOf,
      });
      const key = `${family} ${evidence.kind}`;
      const group = groups.get(key);
      // One of a kind stands for all: packages ship a build for each platform.
      groups.set(key, group === undefined ? { evidence, others: 0 } : { ...group, others: group.others + 1 });
    }
    return [
      ...[...groups.values()].map(({ evidence, others }) => withOthers(evidence, others)),
      ...findPacked(fresh, files.before, had),
    ];
  },
});

type Kind = 'started' | 'prebuilt' | 'at-rest';

interface Surroundings {
  readonly starters: readonly Starter[];
  /** The old version built native code when it was installed. */
  readonly wasBuilt: boolean;
  readonly namesOf: (name: string) => boolean;
}

function describe(file: PackageFile, family: Family, { starters, wasBuilt, namesOf }: Surroundings): Evidence<Kind> {
  const at = atFile(file.path);
  const what = `${shorten(file.path)} (${describeBytes(file.size)}) is ${family}, and the old version had none`;
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const starter = starters.find(({ command, loads }) => command.includes(name) && !(loads && isAddon(name)));
  if (starter !== undefined)
    return { kind: 'started', message: `${what}; ${starter.who} starts it`, at, via: starter.via };
  if (wasBuilt && isAddon(name)) return { kind: 'prebuilt', message: `${what}, but built it on installation`, at };
  if (family !== 'an archive' || namesOf(name)) return { message: what, at };
  return { kind: 'at-rest', message: `${what}; no code names it`, at };
}

function withOthers(evidence: Evidence<Kind>, others: number): Evidence<Kind> {
  if (others === 0) return evidence;
  return {
    ...evidence,
    message: `${evidence.message} (and ${others} more ${others === 1 ? 'file' : 'files'} like it)`,
  };
}

/** Whether code that somebody may run names it: tests name their samples. */
function searchCode(tree: PackageTree, { tiers }: ModuleGraph): (name: string) => boolean {
  let searches = 0;
  return (name) => {
    searches += 1;
    if (searches > maxSearches) return true;
    return [...tree.files.values()].some(
      (file) => file.format === 'javascript' && tiers.has(file.path) && textOf(file).includes(name),
    );
  };
}

function builds({ before }: ModuleComparison): boolean {
  return before?.hooks.some(({ command }) => /\bnode-(gyp|pre-gyp)|\bprebuild-install\b/.test(command)) === true;
}

interface Starter {
  readonly who: string;
  readonly command: string;
  /** It loads the file as a module: what an addon is for. */
  readonly loads: boolean;
  readonly via: readonly string[];
}

function listStarters(hooks: readonly Hook[], added: readonly Behavior[]): readonly Starter[] {
  const scripts = hooks.map(({ event, command }) => ({ who: `the ${event} script`, command, loads: false, via: [] }));
  const calls = added.flatMap(({ kind, tier, detail, path, via }): Starter[] => {
    const runs = (tier === 'install' || tier === 'load') && (kind === 'child-process' || kind === 'native-code');
    return runs && detail !== undefined
      ? [{ who: shorten(path), command: detail, loads: kind === 'native-code', via }]
      : [];
  });
  return [...scripts, ...calls.slice(0, maxStarters)];
}

function isAddon(name: string): boolean {
  return name.endsWith('.node') || name.endsWith('.wasm');
}

function listFamilies(tree: PackageTree): ReadonlySet<Family> {
  const found = new Set<Family>();
  for (const { format } of tree.files.values()) {
    const family = families[format];
    if (family !== undefined) found.add(family);
  }
  return found;
}

function findPacked(fresh: readonly PackageFile[], before: PackageTree, had: ReadonlySet<Family>): Evidence<never>[] {
  const packed = fresh.flatMap((file) => findPackedIn(file).map((one) => ({ ...one, file })));
  if (packed.length === 0) return [];
  const packedBefore = new Set(
    [...before.files.values()].flatMap((file) => findPackedIn(file).map(({ family }) => family)),
  );
  return packed
    .filter(({ family }) => !had.has(family) && !packedBefore.has(family))
    .map(({ file, family, length, index }) => {
      const message = `${shorten(file.path)} holds ${family} of ${describeBytes(length)} in base64, and the old version had none`;
      return { message, at: atFile(file.path, textOf(file).slice(0, index).split('\n').length) };
    });
}

/** The first long one of each kind. Every run of base64 is passed over once for each start. */
function findPackedIn(
  file: PackageFile,
): { readonly family: Family; readonly length: number; readonly index: number }[] {
  if (file.format !== 'javascript' || file.bytes.length < minPackedLength) return [];
  const text = textOf(file);
  return packedStarts.flatMap(([start, family]) => {
    for (let index = text.indexOf(start); index !== -1; ) {
      let end = index + start.length;
      while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
      if (end - index >= minPackedLength && !isInMap(text, index)) return [{ family, length: end - index, index }];
      index = text.indexOf(start, end);
    }
    return [];
  });
}

/** Some letters in the middle of a source map's `eyJ2ZXJzaW9uIjoz…`, which begins as JSON does. */
function isInMap(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && isBase64(text.charCodeAt(start - 1))) start -= 1;
  if (start === index || !text.startsWith('eyJ', start)) return false;
  return /\/[/*][#@] sourceMappingURL=data:application\/json;(?:charset=[\w-]+;)?base64,$/.test(
    text.slice(Math.max(0, start - 100), start),
  );
}

function isBase64(code: number): boolean {
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return isLetter || (code >= 0x2f && code <= 0x39) || code === 0x2b;
}
