/** An input by its seed and number, and by nothing else: any one can be made again alone. */
import { rules } from '../../rules/index.ts';
import type { ScriptLanguage } from '../../src/behavior/summary/file-summary.ts';
import { buildTarball, gzip, type TarballFiles } from '../../test/support/build-tarball.ts';
import { damage, mendChecksums } from '../../test/support/damage-tar.ts';
import { createRandom, type Random } from '../../test/support/random.ts';

export type FuzzPart = 'code' | 'script' | 'tarball';

export type FuzzInput =
  | { readonly part: 'code'; readonly text: string; readonly path: string }
  | { readonly part: 'script'; readonly text: string; readonly language: ScriptLanguage }
  | { readonly part: 'tarball'; readonly bytes: Uint8Array };

/** Longer files would make each input slow, and are no other grammar. */
const maxTextLength = 4_000;
const maxInputLength = 20_000;
const maxChanges = 3;

const words = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '=>',
    '...',
    '`',
    '${',
    '}`',
    "'",
    '"',
    '//',
    '/*',
    '*/',
    '<!--',
    ';',
    ',',
    ':',
    '?.',
  ],
  ...[
    'async ',
    'await ',
    'yield ',
    'class ',
    'function*',
    'function ',
    'let ',
    'var ',
    'new ',
    'get ',
    'static ',
    '#a',
  ],
  ...[
    'import(',
    'export default ',
    'require(',
    'eval(',
    'this',
    'super',
    'with(a)',
    'try{',
    'catch{',
    'for(;;)',
    'while(1)',
  ],
  ...[
    '\\u{110000}',
    '\\x',
    '\u2028',
    '\ufeff',
    '\0',
    '\ud800',
    '0b1',
    '1n',
    '/(?<a>/v',
    '**',
    '??=',
    '#!',
    '@a ',
    '|',
    '$(',
    '<<A\n',
  ],
] as const;

const languages: Readonly<Record<string, ScriptLanguage>> = {
  sh: 'shell',
  bat: 'batch',
  cmd: 'batch',
  ps1: 'powershell',
  gyp: 'gyp',
};

const sources = listSources();
const tars = sources.trees.map((files) => buildTarball(files, { compression: 'none' }));

export function makeInput(part: FuzzPart, seed: number, number: number): FuzzInput {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
  switch (part) {
    case 'code':
      return { part, text: mutate(sources.code, random), path: `index.${random.pick(['js', 'mjs', 'cjs'])}` };
    case 'script': {
      const language = random.pick<ScriptLanguage>(['shell', 'batch', 'powershell', 'gyp', 'foreign']);
      return { part, text: mutate(sources.scripts.get(language) ?? sources.code, random), language };
    }
    default:
      return { part, bytes: makeTarball(random) };
  }
}

/** Pieces of programs put into one another, with letters and words changed, cut out and doubled. */
function mutate(texts: readonly string[], random: Random): string {
  const pick = (): string => texts[random.below(texts.length)] ?? '';
  let text = random.below(2) === 0 ? pick() : `${pick()}\n${pick()}`;
  for (let changes = 1 + random.below(maxChanges); changes > 0; changes -= 1) {
    const at = random.below(text.length + 1);
    const end = at + random.below(random.below(8) === 0 ? 400 : 12);
    const inserted = random.pick([
      () => '',
      () => words[random.below(words.length)] ?? '',
      () => text.slice(at, end).repeat(1 + random.below(6)),
      () => pick().slice(0, random.below(600)),
      () => String.fromCharCode(random.below(random.below(2) === 0 ? 128 : 65_536)),
    ])();
    text = text.slice(0, at) + inserted + text.slice(random.below(2) === 0 ? end : at);
  }
  return text.slice(0, maxInputLength);
}

function makeTarball(random: Random): Uint8Array {
  const tar = tars[random.below(tars.length)] ?? new Uint8Array();
  return random.pick([
    () => damage(gzip(tar), random),
    () => gzip(damage(tar, random)),
    () => gzip(mendChecksums(damage(tar, random))),
    () => damage(tar, random),
  ])();
}

interface Sources {
  readonly code: readonly string[];
  readonly scripts: ReadonlyMap<ScriptLanguage, readonly string[]>;
  readonly trees: readonly TarballFiles[];
}

/** The examples of the rules: programs and scripts of every kind that is understood, and their packages. */
function listSources(): Sources {
  const code = new Set<string>();
  const scripts = new Map<ScriptLanguage, string[]>();
  const trees: TarballFiles[] = [];
  for (const example of rules.flatMap(({ flags, passes }) => [...flags, ...passes])) {
    if (!('after' in example)) continue;
    for (const tree of [example.before ?? {}, example.after]) {
      const files = Object.entries(tree).flatMap(([path, contents]) =>
        typeof contents === 'string' && contents.length <= maxTextLength ? [[path, contents] as const] : [],
      );
      for (const [path, text] of files) {
        const language = languages[path.slice(path.lastIndexOf('.') + 1)];
        if (/\.[cm]?js$/.test(path)) code.add(text);
        else if (language !== undefined) scripts.set(language, [...(scripts.get(language) ?? []), text]);
      }
      if (files.length > 1) trees.push(Object.fromEntries(files));
    }
  }
  return { code: [...code], scripts, trees };
}
