/**
 * Code put where nobody looks: far to the right of a line, behind the source map comment that ends a file, or in a
 * global under a name of one letter, which hands `require` to text that is turned into code later.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { PackageFile } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, shorten } from '../../src/rule.ts';

/** No screen is that wide. */
const minBlanks = 200;
/** Code nested so deeply on purpose has neighbours that are. */
const maxIndentOfNeighbour = 100;
/** Behind the source map comment, besides the export or two that build tools append there. */
const minBytesAfterMap = 60;
const appendedByTools =
  /^\s*(?:module\.exports\b|exports[.[]|export\b|(?:0\s*&&\s*)?\(?module\.exports|Object\.\w+\((?:module\.)?exports\b|if\s*\(typeof (?:module|exports)\b|[})\];]*$|\/\/|\/\*|\*)/;
/** So much of the old file stands in front of the comment: it is the same file, with more behind its end. */
const minShareKept = 0.8;

/** How much behind a gap is looked at. */
const maxNeighbourhood = 2000;

const requireInGlobal =
  /global(?:This)?\s{0,9}\[\s{0,9}(["'`])[^"'`\n]{1,12}\1\s{0,9}\]\s{0,9}=\s{0,9}(?:require|module)\b/y;
/** A hostile file repeats itself; so many in one file are enough. */
const maxGlobals = 20;
/** Nothing but a comment can follow, since such a line is no text in quotes and no end of one. */
const opensComment = /^[\w\s$(){}[\],;.=]*\/\*\*?\s*$/;
/** What follows the blanks does something: a call, an assignment, or a statement's end. */
const codeSign = /[([{=;]/;

export const hiddenCode: Rule = defineRule({
  id: 'hidden-code',
  family: 'code',
  title: 'Code stands where nobody looks',
  rationale:
    'Honest code has no reason to stand off the screen, behind the end of its file, or to hand require to a global.',
  remedy: 'Do not install it. Stay on the old version and report this one to the maintainers and the registry.',
  level: 'block',
  incidents: [
    {
      what: 'rand-user-agent: a remote access trojan far to the right of an ordinary line',
      when: '2025-05-05',
      url: 'https://www.aikido.dev/blog/catching-a-rat-remote-access-trojian-rand-user-agent-supply-chain-compromise',
    },
  ],
  appliesToAdditions: true,
  needs: ['files'],
  flags: [
    {
      title: 'a call behind the right edge of the screen',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: {
        'index.js': `exports.name = 1;${' '.repeat(300)}setUp(1);\n/* two */${' '.repeat(300)}/**/setUp(2);\n/**\n${' '.repeat(300)}*/setUp(3);\nconst text = '/*'\n${' '.repeat(300)}* setUp(4);\n`,
      },
      expect: [
        { message: 'Code stands behind 300 blanks on its line: setUp(1);', at: atFile('index.js', 1) },
        { message: 'Code stands behind 300 blanks on its line: setUp(2);', at: atFile('index.js', 2) },
        { message: 'Code stands behind 300 blanks on its line: */setUp(3);', at: atFile('index.js', 4) },
        { message: 'Code stands behind 300 blanks on its line: * setUp(4);', at: atFile('index.js', 6) },
      ],
    },
    {
      title: 'more code behind the comment that ends the file',
      before: { 'index.js': 'exports.name = 1;\n//# sourceMappingURL=index.js.map\n' },
      after: {
        'index.js': `exports.name = 1;\n//# sourceMappingURL=index.js.map\n\nconst text = '${'x'.repeat(300)}'; setUp(text);\n`,
      },
      expect: [
        {
          message: `Code stands behind the source map comment, where the file ended before: const text = '${'x'.repeat(65)}…`,
          at: atFile('index.js', 4),
        },
      ],
    },
    {
      title: 'a comment that ends the file, and code behind it',
      before: { 'index.js': 'exports.name = 1;\nexports.size = 2;\n' },
      after: {
        'index.js': `exports.name = 1;\nexports.size = 2;\n//# sourceMappingURL=index.js.map\n\n\n;(function () { setUp('${'x'.repeat(60)}'); })();\n`,
      },
      expect: [
        {
          message: `Code stands behind the source map comment, where the file ended before: ;(function () { setUp('${'x'.repeat(56)}…`,
          at: atFile('index.js', 6),
        },
      ],
    },
    {
      title: 'require in a global of one letter',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: { 'index.js': `exports.name = 1;\nglobal['r'] = require;\n` },
      expect: [
        {
          message: "A global of a short name is given require or module: global['r'] = require",
          at: atFile('index.js', 2),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'comments far to the right, and an export behind the source map comment',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: {
        'index.js': `exports.name = 1;${' '.repeat(300)}// (1) = one;\n/**\n${' '.repeat(300)}* (c)\n*/\n//# sourceMappingURL=index.js.map\nmodule.exports = exports.default;\n`,
      },
    },
    {
      title: 'the line was there before',
      before: { 'index.js': `exports.name = 1;${' '.repeat(300)}setUp(1);\n` },
      after: { 'index.js': `exports.name = 2;\nexports.name = 1;${' '.repeat(300)}setUp(1);\n` },
    },
    {
      title: 'a source map comment in the middle of a bundle',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: {
        'index.js': `exports.one = 1;\n//# sourceMappingURL=one.js.map\n;// CONCATENATED\nexports.two = '${'x'.repeat(300)}';\n`,
      },
    },
    {
      title: 'a string of blanks, and a template that ends with some',
      before: { 'index.js': '' },
      after: {
        'index.js': `const table = '\u0002${'\t'.repeat(300)}\u0002'; const blanks = '${' '.repeat(300)}'; exports.pad = (n) => blanks.slice(0, n);\nexports.text = \`a\n${' '.repeat(300)}\`, run(1);\n`,
      },
    },
    {
      title: 'deeply nested code',
      before: { 'index.js': '' },
      after: { 'index.js': `${' '.repeat(196)}if (a) {\n${' '.repeat(200)}run(1);\n${' '.repeat(196)}}\n` },
    },
  ],
  check({ files }) {
    const old = [...files.changed.map((change) => change.before), ...files.removed].filter(isCode);
    const isOld = listSeen(old);
    const fresh = [...files.changed.map((change) => change.after), ...files.added].filter(isCode);
    const hidden = [
      ...fresh.flatMap((file) => findHidden(textOf(file)).map((one) => ({ ...one, file }))),
      ...files.changed.flatMap(({ before, after }) =>
        findBehindMap(before, after).map((one) => ({ ...one, file: after })),
      ),
    ];
    return hidden
      .filter(({ text }) => !isOld(text))
      .map(({ message, line, file }): Evidence<never> => ({ message, at: atFile(file.path, line) }));
  },
});

interface Hidden {
  readonly message: string;
  readonly line: number;
  /** The hidden text, to tell whether the old version had it. */
  readonly text: string;
}

function isCode(file: PackageFile): boolean {
  return file.format === 'javascript';
}

/** The old files are searched only when there is something to compare. */
function listSeen(files: readonly PackageFile[]): (text: string) => boolean {
  let seen: ReadonlySet<string> | undefined;
  return (text) => {
    seen ??= new Set(files.flatMap((file) => findHidden(textOf(file)).map((hidden) => hidden.text)));
    return seen.has(text);
  };
}

function findHidden(text: string): Hidden[] {
  return [...findBehindGaps(text), ...findGlobals(text)];
}

function findBehindGaps(text: string): Hidden[] {
  const hidden: Hidden[] = [];
  let line = 0;
  let previous = { start: 0, end: 0 };
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    line += 1;
    const gap = end - start < minBlanks ? undefined : findGap(text.slice(start, end));
    const isDeep = gap?.start === 0 && indentOf(text.slice(previous.start, previous.end)) > maxIndentOfNeighbour;
    const isComment = gap?.code.includes('*/') === false && opensComment.test(text.slice(previous.start, previous.end));
    if (gap !== undefined && !isDeep && !(isComment && gap.start === 0)) {
      const message = `Code stands behind ${gap.end - gap.start} blanks on its line: ${shorten(gap.code)}`;
      hidden.push({ message, line, text: gap.code });
    }
    previous = { start, end };
    start = end + 1;
  }
  return hidden;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The word is looked for first: the pattern alone would take longer than all the rest of this rule. */
function findGlobals(text: string): Hidden[] {
  const hidden: Hidden[] = [];
  for (const { index } of text.matchAll(/global/g)) {
    if (hidden.length >= maxGlobals) break;
    requireInGlobal.lastIndex = index;
    const found = requireInGlobal.exec(text)?.[0];
    if (found === undefined) continue;
    const message = `A global of a short name is given require or module: ${shorten(found)}`;
    hidden.push({ message, line: lineAt(text, index), text: found });
  }
  return hidden;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** A run of `minBlanks` holds a multiple of `minBlanks`: no more characters than those need a look. */
function findGap(line: string): { readonly start: number; readonly end: number; readonly code: string } | undefined {
  for (let probe = 0; probe < line.length; probe += minBlanks) {
    if (!isBlank(line, probe)) continue;
    let start = probe;
    let end = probe;
    while (start > 0 && isBlank(line, start - 1)) start -= 1;
    while (end < line.length && isBlank(line, end)) end += 1;
    const code = end - start < minBlanks || isPadding(line, start, end) ? '' : readCode(line, start, end);
    if (codeSign.test(code)) return { start, end, code };
    probe = end - (end % minBlanks);
  }
  return undefined;
}

/** What follows the gap, without comments. A hostile line holds many gaps: only the neighbourhood of each is read. */
function readCode(line: string, start: number, end: number): string {
  const head = line.slice(Math.max(0, start - maxNeighbourhood), start);
  const code = line.slice(end, end + maxNeighbourhood);
  if (/^\s*\/\//.test(head) || code.startsWith('//')) return '';
  const isInComment = head.lastIndexOf('/*') > head.lastIndexOf('*/') || /^\s*\*(?!.*\*\/)/.test(head);
  if (!isInComment && !code.startsWith('/*')) return code;
  const close = code.indexOf('*/');
  return close === -1 ? '' : code.slice(close + 2).trim();
}

/** Blanks in a string: nothing but them, a table of control characters, or the end of a template that spans lines. */
function isPadding(line: string, start: number, end: number): boolean {
  if (/^`[,;:)\]}+.]/.test(line.slice(end, end + 2)) || isControl(line, start - 1) || isControl(line, end)) return true;
  const quote = line[end];
  return start > 0 && line[start - 1] === quote && (quote === '"' || quote === "'" || quote === '`');
}

/** No program may hold these outside its strings. */
function isControl(line: string, index: number): boolean {
  const code = line.charCodeAt(index);
  return code < 0x20 && code !== 0x09 && code !== 0x0c && code !== 0x0d && code !== 0x0b;
}

/** Space, tab, no-break space, ideographic space. */
function isBlank(line: string, index: number): boolean {
  const code = line.charCodeAt(index);
  return code === 0x20 || code === 0x09 || code === 0xa0 || code === 0x3000;
}

/** Bundlers leave such comments in the middle of a file: only one that ended the file before shows what came behind it. */
function findBehindMap(before: PackageFile, after: PackageFile): Hidden[] {
  const tail = isCode(after) ? findTail(textOf(after)) : undefined;
  if (tail === undefined || tail.code.length < minBytesAfterMap || !codeSign.test(tail.code)) return [];
  const old = findTail(textOf(before));
  const ended = old === undefined ? isKept(textOf(before), tail.head) : old.code === '';
  if (!ended) return [];
  const message = `Code stands behind the source map comment, where the file ended before: ${shorten(tail.code)}`;
  return [{ message, line: tail.line, text: tail.code }];
}

function isKept(old: string, head: string): boolean {
  const kept = new Set(head.split('\n'));
  const lines = old.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.filter((line) => kept.has(line)).length >= lines.length * minShareKept;
}

interface Tail {
  readonly head: string;
  readonly code: string;
  readonly line: number;
}

/** What stands behind the last source map comment; undefined when there is none, or it is a program's text. */
function findTail(text: string): Tail | undefined {
  const start = Math.max(text.lastIndexOf('\n//# sourceMappingURL='), text.lastIndexOf('\n//@ sourceMappingURL='));
  if (start === -1) return undefined;
  const newline = text.indexOf('\n', start + 1);
  const end = newline === -1 ? text.length : newline;
  if (/["'`$]/.test(text.slice(start, Math.min(end, start + maxNeighbourhood)))) return undefined;
  const lines = text.slice(end + 1).split('\n');
  const offset = lines.findIndex((line) => !appendedByTools.test(line));
  const code = offset === -1 ? '' : lines.slice(offset).join('\n').trim();
  return { head: text.slice(0, start), code, line: lineAt(text, end) + 1 + Math.max(offset, 0) };
}
