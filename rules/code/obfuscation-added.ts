/**
 * Code that was readable holds code that is made to be unreadable: names like _0x3fa1, strings in a table that is turned
 * around, steps in a shuffled order, letters written as numbers. Minifiers shorten; only obfuscators hide. A package that was
 * always shipped so is left alone, and so is a file that turns into a minified build. Over 300 lines: a third are examples.
 */
import type { Behavior, BehaviorComparison, BehaviorKind, ModuleGraph } from '../../src/model/behavior.ts';
import type { FileComparison } from '../../src/model/file-comparison.ts';
import { findAddedLines } from '../../src/model/file-comparison.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import { findCredentialPlace } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule } from '../../src/rule.ts';

/** One such name may be anything; so many are an obfuscator's. */
const minHexNames = 8;
/** Letters of the alphabet written as escapes. */
const minEscapedLetters = 24;
const minSymbolRun = 400;
/** A line that no hand has written, in a file that keeps most of the lines that were. */
const minGiantLine = 2_000;
/** So much of it must be code: what stands in quotes is looked at where it runs. */
const minGiantCode = 1_200;
const maxLineBefore = 600;
const maxSigns = 3;

export const obfuscationAdded: Rule = defineRule({
  id: 'obfuscation-added',
  family: 'code',
  title: 'Code that is made to be unreadable came with the update',
  rationale: 'Nobody can review it, and nobody who publishes readable code has an honest reason for it.',
  remedy: 'Stay on the old version, and ask the maintainers what the code is.',
  level: 'review',
  incidents: [
    {
      what: 'rc 1.2.9, 1.3.9 and 2.3.9: an obfuscated script beside readable code',
      when: '2021-11-04',
      url: 'https://github.com/advisories/GHSA-g2q5-5433-rhrf',
    },
    {
      what: 'chalk 5.6.1, debug 4.4.2 and others: one obfuscated line in front of a readable module',
      when: '2025-09-08',
      url: 'https://github.com/chalk/chalk/issues/656',
    },
  ],
  appliesToAdditions: true,
  needs: ['files', 'modules', 'behaviors'],
  kinds: {
    acting: {
      level: 'block',
      about:
        'The same file newly connects, starts programs, reads keys, runs text, writes files or replaces globals, holds addresses of wallets, or is run by an installation script.',
    },
  },
  flags: [
    {
      title: 'names of an obfuscator, and a table that is turned around',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: {
        'index.js': `exports.a = 1;\nvar _0x1a2b=['a'];(function(_0x2c3d,_0x4e5f){while(!![]){try{var _0x6a7b=parseInt(_0x2c3d(_0x8c9d));if(_0x6a7b===_0x4e5f)break;else _0x2c3d['push'](_0x2c3d['shift']());}catch(_0x1e2f){_0x2c3d['push'](_0x2c3d['shift']());}}}(_0x1a2b,_0x3a4b+_0x5c6d));\n`,
      },
      expect: [
        {
          message: 'The new code has 8 names like _0x1a2b and a table of strings that is turned around',
          at: { in: 'tarball', path: 'index.js', line: 2 },
        },
      ],
    },
    {
      title: 'letters as escapes, in a file that starts a program',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: {
        'index.js': `exports.a = 1;\nrequire("\\x63\\x68\\x69\\x6c\\x64\\x5f\\x70\\x72\\x6f\\x63\\x65\\x73\\x73")["\\x65\\x78\\x65\\x63\\x53\\x79\\x6e\\x63"]("\\x77\\x68\\x6f\\x61\\x6d\\x69");\n`,
      },
      expect: [
        {
          kind: 'acting',
          message: 'The new code has 27 letters written as escapes; it also has child_process.execSync',
          at: { in: 'tarball', path: 'index.js', line: 2 },
        },
      ],
    },
    {
      title: 'one giant line among those that a hand has written',
      before: { 'index.js': 'const one = 1;\nconst two = 2;\nexports.sum = () => one + two;\n' },
      after: {
        'index.js': `${'(function(a){return a(1)})(function(b){return b+1});'.repeat(60)}\nconst one = 1;\nconst two = 2;\nexports.sum = () => one + two;\n`,
      },
      expect: [
        {
          message: 'The new code has a line of 3120 characters in a file written by hand',
          at: { in: 'tarball', path: 'index.js', line: 1 },
        },
      ],
    },
    {
      title: 'the same, where something is loaded by a name that does not show, and where a program is started',
      before: { 'load.js': 'const one = 1;\nexports.one = () => one;\n', 'start.js': 'exports.two = 2;\n' },
      after: {
        'load.js': `${'(function(a){return a(1)})(function(b){return b+1});'.repeat(60)}require(Object.keys(globalThis)[7]);\nconst one = 1;\nexports.one = () => one;\n`,
        'start.js': `${'(function(a){return a(1)})(function(b){return b+1});'.repeat(60)}require('child_process').exec('id');\nexports.two = 2;\n`,
      },
      expect: [
        {
          message: 'The new code has a line of 3156 characters in a file written by hand',
          at: { in: 'tarball', path: 'load.js', line: 1 },
        },
        {
          kind: 'acting',
          message:
            'The new code has a line of 3156 characters in a file written by hand; it also has child_process.exec',
          at: { in: 'tarball', path: 'start.js', line: 1 },
        },
      ],
    },
  ],
  passes: [
    {
      title:
        'a minified build, a long table, a program put together from texts, numbers in hexadecimal, escapes of control characters, a file obfuscated before',
      before: {
        'index.js': 'exports.a = 1;\nexports.b = 2;\n',
        'dist/index.min.js': '/*! Sample */\nundefined\n',
        'old.js': `var ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((one) => `_0x100${one}=1`).join()};\n`,
        'part-6RTS5NDR.js': 'exports.a = 1;\nexports.b = 2;\n',
      },
      after: {
        'part-B1c7OH6V.js': `exports.a = 1;\nexports.b = 2;\n${'!function(a){return a(1)}(function(b){return b+1});'.repeat(60)}\n`,
        'index.js': `exports.a = 1;\nexports.b = 2;\nexports.table = [${'12,'.repeat(1_500)}];\nexports.make = (n) => ${"'function run(a) { return a(1); } if (' + n + ') run(); '".concat(' + ').repeat(50)}'';\nglobalThis.sample = exports;\nexports.clean = (text) => text.replace(/[\\x00-\\x1f\\x7f]/g, '');\nexports.sum = (a) => a ^ 0xedb88320;\n`,
        'dist/index.min.js': `/*! Sample */\n${'!function(a){return a(2)}(function(b){return b+1});'.repeat(60)}\n`,
        'index.min.js': `${'!function(a){return a(1)}(function(b){return b+1});'.repeat(60)}\n`,
        'old.js': `var ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((one) => `_0x200${one}=2`).join()};\n`,
      },
    },
  ],
  check({ files, modules, behaviors }) {
    const known = findKnownStyles(files.before);
    return listFresh(files).flatMap(({ file, old }): Evidence<'acting'>[] => {
      if (!modules.after.tiers.has(file.path)) return [];
      const signs = findSigns(file, old).filter(({ style }) => !known.has(style));
      const [first] = signs;
      if (first === undefined) return [];
      const seen = `The new code has ${signs
        .slice(0, maxSigns)
        .map(({ text }) => text)
        .join(' and ')}`;
      const isOnlyPacked = signs.every(({ style }) => style === 'giant-line');
      const reason = findReason(file, { behaviors, graph: modules.after, isOnlyPacked });
      const at = atFile(file.path, first.line);
      return reason === undefined
        ? [{ message: seen, at }]
        : [{ kind: 'acting', message: `${seen}; it also ${reason}`, at }];
    });
  },
});

interface Doing {
  readonly behaviors: BehaviorComparison;
  readonly graph: ModuleGraph;
  /** Nothing but the length of a line speaks for it. */
  readonly isOnlyPacked: boolean;
}

/** What turns unreadable code into something to be stopped. */
function findReason(file: PackageFile, { behaviors, graph, isOnlyPacked }: Doing): string | undefined {
  const act = behaviors.added.find(
    (behavior) => behavior.path === file.path && acts(behavior) && !(isOnlyPacked && asksOutside(behavior)),
  );
  if (act !== undefined) return `has ${act.api}`;
  if (walletShape.test(textOf(file))) return 'holds addresses of wallets';
  return graph.tiers.get(file.path) === 'install' ? 'runs on installation' : undefined;
}

/** A bundle within a bundle looks outside, by whatever name it is given, for what it lacks. */
function asksOutside({ kind, origins }: Behavior): boolean {
  return kind === 'computed-import' && !origins.includes('decoded') && !origins.includes('fetched');
}

/** Patterns stay readable where names do not. */
const walletShape = /0x\[[^\]]{3,16}\]\{(?:0x28|40)\}|\[13\]\[a-km-zA-HJ-NP-Z1-9\]|\bbc1\[/;

type Style = 'hex-names' | 'rotated-table' | 'shuffled-steps' | 'escaped-letters' | 'symbols' | 'giant-line';

interface Sign {
  readonly style: Style;
  readonly text: string;
  readonly line: number;
}

interface Fresh {
  readonly file: PackageFile;
  readonly old: PackageFile | undefined;
}

function listFresh({ added, changed }: FileComparison): readonly Fresh[] {
  return [
    ...added.map((file) => ({ file, old: undefined })),
    // What has a hash in its name was written by a bundler, and not by hand.
    ...changed.map(({ before, after }) => ({ file: after, old: before.path === after.path ? before : undefined })),
  ].filter(({ file }) => file.format === 'javascript');
}

/** What an author ships in one file may come in another. */
function findKnownStyles(before: PackageTree | undefined): ReadonlySet<Style> {
  const found = new Set<Style>();
  for (const file of before?.files.values() ?? []) {
    if (file.format !== 'javascript') continue;
    for (const style of findStyles(textOf(file)).keys()) found.add(style);
  }
  return found;
}

function findSigns(file: PackageFile, old: PackageFile | undefined): readonly Sign[] {
  const text = textOf(file);
  const oldText = old === undefined ? '' : textOf(old);
  const styles = findStyles(text);
  const giant = old === undefined || isMinified.test(file.path) ? undefined : findGiantLine(text, oldText);
  return [
    ...[...styles].map(([style, { index, text: seen }]) => ({ style, text: seen, line: lineAt(text, index) })),
    ...(giant === undefined ? [] : [giant]),
  ];
}

interface Seen {
  readonly index: number;
  readonly text: string;
}

/** Each pattern passes over the text once. */
function findStyles(text: string): ReadonlyMap<Style, Seen> {
  const found = new Map<Style, Seen>();
  const names = new Set<string>();
  let first: RegExpExecArray | undefined;
  if (text.includes('_0x')) {
    for (const match of text.matchAll(/\b_0x[0-9a-f]{3,}\b/g)) {
      first ??= match;
      names.add(match[0]);
    }
  }
  if (first !== undefined && names.size >= minHexNames)
    found.set('hex-names', { index: first.index, text: `${names.size} names like ${first[0]}` });
  const rotation = /\[['"]push['"]\]\(\w+\[['"]shift['"]\]\(\)\)|while\s*\(!!\[\]\)\s*\{\s*try\s*\{/.exec(text);
  if (rotation !== null)
    found.set('rotated-table', { index: rotation.index, text: 'a table of strings that is turned around' });
  const steps = /['"]\d+(?:\|\d+){3,}['"]\s*(?:\[['"]split['"]\]|\.split)\(['"]\|['"]\)/.exec(text);
  if (steps !== null) found.set('shuffled-steps', { index: steps.index, text: 'steps in a shuffled order' });
  const escaped = findEscapedLetters(text);
  if (escaped !== undefined) found.set('escaped-letters', escaped);
  const symbols = new RegExp(`[\\[\\]()!+{}]{${minSymbolRun},}`).exec(text);
  if (symbols !== null) found.set('symbols', { index: symbols.index, text: 'code made of brackets and signs alone' });
  return found;
}

/** Plain letters that somebody took the trouble to escape; in a pattern they may be the ends of a range. */
function findEscapedLetters(text: string): Seen | undefined {
  if (!text.includes('\\x') && !text.includes('\\u00')) return undefined;
  let count = 0;
  let first: number | undefined;
  for (const match of text.matchAll(/(?:\\(?:x|u00)(?:4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])){3,}/gi)) {
    first ??= match.index;
    count += match[0].split('\\').length - 1;
  }
  return first === undefined || count < minEscapedLetters
    ? undefined
    : { index: first, text: `${count} letters written as escapes` };
}

/** By its name: no hand writes it. */
const isMinified = /[.-]min\.[cm]?js$/;

/** Code, not a table or a text: it calls and defines again and again. */
function findGiantLine(text: string, before: string): Sign | undefined {
  const oldLines = before.split('\n');
  if (oldLines.some((line) => line.length > maxLineBefore)) return undefined;
  const added = findAddedLines(before, text);
  const kept = text.split('\n').length - added.length;
  if (kept * 2 < oldLines.length) return undefined;
  const giant = added.find(({ text: line }) => line.length >= minGiantLine && isCode(withoutTexts(line)));
  return (
    giant && {
      style: 'giant-line',
      text: `a line of ${giant.text.length} characters in a file written by hand`,
      line: giant.line,
    }
  );
}

/** What remains of a line that puts a program's text together is short. */
function withoutTexts(line: string): string {
  return line.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
}

function isCode(line: string): boolean {
  return line.length >= minGiantCode && countCalls(line) >= line.length / 200;
}

function countCalls(line: string): number {
  return line.match(/\bfunction\b|=>|\breturn\b|\bif\s*\(|\bfor\s*\(|\bwhile\s*\(|\)\(/g)?.length ?? 0;
}

const acting: ReadonlySet<BehaviorKind> = new Set([
  'network', 'disclosure', 'child-process', 'dynamic-code', 'computed-import', 'native-code', 'file-write', 'file-delete',
  'global-patch', 'process-stop', 'endless-loop',
]); // biome-ignore format: a list of names

function acts({ kind, tier, detail, marks }: Behavior): boolean {
  if (tier === 'unreached' || marks.includes('fills-gap')) return false;
  return (
    acting.has(kind) || (kind === 'file-read' && detail !== undefined && findCredentialPlace(detail) !== undefined)
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
