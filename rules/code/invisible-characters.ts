/**
 * Characters that a reader does not see, in code: runs that carry a hidden text (variation selectors, tags, private
 * use), marks that turn the direction of writing so that code looks like a comment, and letters that look like others.
 * Translations and emoji use some of them honestly: one at a time, balanced, and beside letters of their script.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { PackageFile } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule } from '../../src/rule.ts';

/** Longer than any emoji, flag or icon needs. */
const minRun = 12;

const ranges = {
  'variation selectors': '\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}',
  'tag characters': '\\u{e0000}-\\u{e007f}',
  'private-use characters': '\\ue000-\\uf8ff\\u{f0000}-\\u{10ffff}',
  'zero-width characters': '\\u200b-\\u200d\\u2060\\ufeff',
};
const turns = '\\u202a-\\u202e\\u2066-\\u2069';
const greekAndCyrillic = '\\u0370-\\u04ff';
const anyInvisible = new RegExp(`[${Object.values(ranges).join('')}${turns}${greekAndCyrillic}]`, 'u');
const hiddenRuns = Object.entries(ranges).map(([name, range]) => ({
  name,
  pattern: new RegExp(`[${range}]{${minRun},}`, 'u'),
}));
/** Shorter lines are read by people. */
const minTable = 1_000;
const anyTurn = /[\u202a-\u202e\u2066-\u2069]/;
/** Alone in quotes, or in a character class: a table or a pattern that is about these characters. */
const quotedTurn = /(["'`])[\u202a-\u202e\u2066-\u2069]\1|\[[^[\]\s]{1,300}\]/g;
const rightToLeftLetter = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const zeroWidthInName = /[A-Za-z_$][\u200b-\u200d\u2060\ufeff]+[A-Za-z_$]/;
/** Cyrillic and Greek letters that no font tells from Latin ones. */
const lookAlike =
  '\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf';
const mixedName = new RegExp(`[A-Za-z]{2}[${lookAlike}](?=[A-Za-z])|(?<=[A-Za-z])[${lookAlike}][A-Za-z]{2}`);

export const invisibleCharacters: Rule = defineRule({
  id: 'invisible-characters',
  family: 'code',
  title: 'Code holds characters that a reader does not see',
  rationale:
    'What a reviewer reads is not what runs: a payload can hide in characters without a shape, or behind a turned line.',
  remedy: 'Do not install it before somebody has looked at the bytes of the line, not at its picture.',
  level: 'block',
  incidents: [
    {
      what: 'Trojan Source: bidirectional controls make code read as a comment (CVE-2021-42574)',
      when: '2021-11-01',
      url: 'https://trojansource.codes/',
    },
    {
      what: 'GlassWorm: a whole program in variation selectors, decoded and run',
      when: '2025-10-18',
      url: 'https://www.koi.ai/blog/glassworm-first-self-propagating-worm-using-invisible-code-hits-openvsx-marketplace',
    },
  ],
  appliesToAdditions: true,
  needs: ['files', 'modules'],
  kinds: {
    'look-alike': {
      level: 'review',
      about: 'A name holds a zero-width character, or a letter of another script that looks Latin.',
    },
    'look-alike-at-rest': {
      level: 'notice',
      about: 'The same in a file for the package’s own developers, to which nothing that runs leads.',
    },
  },
  flags: [
    {
      title: 'a text in variation selectors',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: { 'index.js': `exports.name = 1;\nread('${'\u{e0101}\u{e0120}'.repeat(10)}');\n` },
      expect: [
        { message: 'The line holds a run of variation selectors, which no reader sees', at: atFile('index.js', 2) },
      ],
    },
    {
      title: 'code that looks like a comment',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: { 'index.js': 'exports.name = 1;\n/*\u202e } \u2066if (isAdmin)\u2069 \u2066 begin */ run();\n' },
      expect: [
        {
          message: 'The line turns the direction of writing, so that it reads otherwise than it runs',
          at: atFile('index.js', 2),
        },
      ],
    },
    {
      title: 'a name with a Cyrillic letter, and one with a zero-width space',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: { 'index.js': 'exports.name = 1;\nrequ\u0456re("x");\nconst is\u200bAdmin = 1;\n' },
      expect: [
        {
          kind: 'look-alike',
          message: 'A name holds a letter of another script that looks Latin',
          at: atFile('index.js', 2),
        },
        { kind: 'look-alike', message: 'A name holds a zero-width character', at: atFile('index.js', 3) },
      ],
    },
    {
      title: 'a word with a zero-width joiner in a test that nothing runs, and in one that the package loads',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: {
        'index.js': 'exports.name = require("./test/loaded.js");\n',
        'test/loaded.js': 'exports.a\u200db = 1;\n',
        'test/words.js': 'check("a\u200db");\n',
      },
      expect: [
        { kind: 'look-alike', message: 'A name holds a zero-width character', at: atFile('test/loaded.js', 1) },
        { kind: 'look-alike-at-rest', message: 'A name holds a zero-width character', at: atFile('test/words.js', 1) },
      ],
    },
  ],
  passes: [
    {
      title: 'a byte order mark, emoji, a flag made of tags, icons, and translations',
      before: { 'index.js': '' },
      after: {
        'index.js': [
          '\ufeffexports.heart = "\u2764\ufe0f \u{1f468}\u200d\u{1f469}\u200d\u{1f467}";',
          'exports.scotland = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";',
          'exports.icons = ["\ue001", "\ue002"];',
          'exports.arabic = "\u202b\u0645\u0631\u062d\u0628\u0627 (1)\u202c";',
          'exports.pattern = /[A-Za-z\u0410-\u042f\u0430-\u044f]/; exports.unit = "k\u03a9";',
          'exports.turns = /[\u202a-\u202e\u2066-\u2069]/;',
          `exports.entities = "${Array.from({ length: 4_000 }, (_, index) => String.fromCharCode(0x2010 + ((index * 7) % 3_000))).join('')}";`,
        ].join('\n'),
      },
    },
    {
      title: 'the old version had the line as well',
      before: { 'index.js': 'const is\u200bAdmin = 1;\n' },
      after: { 'index.js': 'const two = 2;\nconst is\u200bAdmin = 1;\n' },
    },
  ],
  check({ files, modules }) {
    const fresh = [...files.added, ...files.changed.map((change) => change.after)].filter(isCode);
    const wasThere = findInOld([...files.removed, ...files.changed.map((change) => change.before)].filter(isCode));
    return fresh.flatMap((file) =>
      findInvisible(textOf(file))
        .filter(({ text }) => !wasThere(text))
        .map(({ kind, message, line }): Evidence<'look-alike' | 'look-alike-at-rest'> => {
          const at = atFile(file.path, line);
          if (kind === undefined) return { message, at };
          const isAtRest = file.format === 'javascript' && !modules.after.tiers.has(file.path);
          return { kind: isAtRest ? 'look-alike-at-rest' : kind, message, at };
        }),
    );
  },
});

interface Sight {
  readonly kind?: 'look-alike';
  readonly message: string;
  readonly line: number;
  /** What was seen, to tell whether the old version had it: in a bundle every line is new. */
  readonly text: string;
}

/** Searched only when there is something to search for. */
function findInOld(files: readonly PackageFile[]): (text: string) => boolean {
  let seen: ReadonlySet<string> | undefined;
  return (text) => {
    seen ??= new Set(files.flatMap((file) => findInvisible(textOf(file)).map((sight) => sight.text)));
    return seen.has(text);
  };
}

/** Text and data may hold any character; only package.json among them decides what runs. */
function isCode({ format, path }: PackageFile): boolean {
  return ['javascript', 'typescript', 'shell', 'batch', 'gyp'].includes(format) || path === 'package.json';
}

function findInvisible(text: string): Sight[] {
  if (!anyInvisible.test(text)) return [];
  const sights: Sight[] = [];
  let line = 0;
  for (const row of text.split('\n')) {
    line += 1;
    const sight = anyInvisible.test(row) ? findInLine(row) : undefined;
    if (sight !== undefined) sights.push({ ...sight, line });
  }
  return sights;
}

/** The first and worst thing in it: one is enough to look at the line. */
function findInLine(row: string): Omit<Sight, 'line'> | undefined {
  for (const { name, pattern } of hiddenRuns) {
    const run = pattern.exec(row)?.[0];
    if (run !== undefined) return { message: `The line holds a run of ${name}, which no reader sees`, text: run };
  }
  const turned = findTurned(row);
  if (turned !== undefined) {
    return {
      message: 'The line turns the direction of writing, so that it reads otherwise than it runs',
      text: turned,
    };
  }
  const spaced = zeroWidthInName.exec(row)?.[0];
  if (spaced !== undefined) return { kind: 'look-alike', message: 'A name holds a zero-width character', text: spaced };
  const mixed = mixedName.exec(row)?.[0];
  if (mixed === undefined) return undefined;
  return { kind: 'look-alike', message: 'A name holds a letter of another script that looks Latin', text: mixed };
}

/** Marks that stand in a table say nothing; those around right-to-left letters are honest when each is closed again. */
function findTurned(row: string): string | undefined {
  if (!anyTurn.test(row)) return undefined;
  const rest = row.replaceAll(quotedTurn, '');
  const index = rest.search(anyTurn);
  if (isTable(rest)) return undefined;
  if (index === -1 || (rightToLeftLetter.test(rest) && isBalanced(rest))) return undefined;
  return rest.slice(Math.max(0, index - 10), index + 10);
}

/** A line of all the characters that there are, each mark between other signs: an entity table, whatever packs it. */
function isTable(row: string): boolean {
  if (row.length < minTable) return false;
  const foreign = row.match(/\P{ASCII}/gu) ?? [];
  if (new Set(foreign).size < minTable / 2) return false;
  return [...row.matchAll(/[\u202a-\u202e\u2066-\u2069]/g)].every(({ index }) => {
    const around = row.slice(Math.max(0, index - 8), index) + row.slice(index + 1, index + 9);
    return (around.match(/[\w ]/g) ?? []).length * 2 <= around.length;
  });
}

function isBalanced(line: string): boolean {
  let embeddings = 0;
  let isolates = 0;
  for (const mark of line.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? []) {
    if (mark === '\u202c') embeddings -= 1;
    else if (mark === '\u2069') isolates -= 1;
    else if (mark >= '\u2066') isolates += 1;
    else embeddings += 1;
    if (embeddings < 0 || isolates < 0) return false;
  }
  return embeddings === 0 && isolates === 0;
}
