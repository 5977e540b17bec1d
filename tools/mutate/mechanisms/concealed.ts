/** Code that stands where nobody looks, or that a reader cannot make out. */
import { putFile, readText } from '../edit-tree.ts';
import type { TreeMechanism } from '../mechanism.ts';
import { obfuscate, type Strength } from '../obfuscate.ts';
import { randomFor } from '../random-for.ts';
import { append, onEntry, rewriteEntry } from './edits.ts';

const far = `globalThis.process?.getBuiltinModule?.('child_process').exec('far');`;
const right = ' '.repeat(700);

export const concealed: readonly TreeMechanism[] = [
  {
    id: 'code-out-of-sight',
    rule: 'hidden-code',
    demand: 'block',
    ways: {
      'far to the right of a line': rewriteEntry(hideRight),
      'far to the right of a comment': append(`/* MIT */${right}${far}`),
      'behind the source map comment': rewriteEntry(
        (text) => `${text}\n//# sourceMappingURL=index.js.map\n\n\n\n${far}\n`,
      ),
      'require in a global of one letter': rewriteEntry((text, system) =>
        system === 'cjs' ? `${text}\n;global['r'] = require; global['m'] = module;\n` : undefined,
      ),
    },
    twins: {
      'a comment to the right': append(`void 0;${' '.repeat(160)}// aligned with the others`),
      'a source map comment': rewriteEntry((text) => `${text.trimEnd()}\n//# sourceMappingURL=index.js.map\n`),
      'blanks at the end of a line': append(`void 0;${' '.repeat(400)}`),
    },
  },
  {
    id: 'entry-obfuscated',
    rule: 'obfuscation-added',
    demand: 'review',
    ways: {
      'its strings in a table': rewriteEntry((text) => obfuscated(text, 'strings')),
      'its steps shuffled': rewriteEntry((text) => obfuscated(text, 'flattened')),
    },
    twins: {
      'a minified build beside it': onEntry((after, { path }) => {
        const text = obfuscated(readText(after, path) ?? '', 'minified');
        return text === undefined ? undefined : putFile(after, path.replace(/\.(\w+)$/, '.min.$1'), text);
      }),
    },
  },
  {
    id: 'unseen-characters',
    rule: 'invisible-characters',
    demand: 'block',
    ways: {
      'variation selectors that carry text': append(`;void '${carry(0xe0100)}';`),
      'tag characters': append(`;void '${carry(0xe0000)}';`),
      'private characters': append(`;void '${carry(0xf0000)}';`),
      'a line that reads otherwise': append(
        'var isAdminHere = false; /*\u202e } \u2066if (isAdminHere)\u2069 \u2066 begin admins only */',
      ),
    },
    twins: {
      'emoji and a family': append(
        `;void ['\u2764\ufe0f', '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f44d}\u{1f3fd}'];`,
      ),
      greetings: append(
        ";void { ar: '\u0645\u0631\u062d\u0628\u0627', he: '\u05e9\u05dc\u05d5\u05dd', fa: '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645' };",
      ),
      'a byte order mark': rewriteEntry((text) => `\ufeff${text.replace(/^\ufeff/, '')}`),
    },
  },
  {
    id: 'parse-broken',
    rule: 'parse-failed',
    demand: 'review',
    ways: {
      'an end that is missing': append('if (true) { function farAway( {'),
      'a merge conflict': rewriteEntry((text) => `<<<<<<< HEAD\n${text}\n=======\n>>>>>>> far\n`),
    },
    twins: {
      'new syntax': append(
        `;(() => { class Sample { static #count = 0n; static { this.#count ||= 1_000n; } } return [1].at?.(-1) ?? /(?<year>\\d{4})/v.test(String(Sample)); })();`,
      ),
    },
  },
  {
    id: 'too-much-to-read',
    rule: 'not-fully-read',
    demand: 'review',
    ways: {
      'nested beyond every parser': append(`;void ${'['.repeat(60_000)}${']'.repeat(60_000)};`),
      'thirteen million characters': append(`/* ${'far '.repeat(3_300_000)}*/`),
    },
    twins: {
      'a long table': append(`;void [${Array.from({ length: 4_000 }, (_, at) => (at * 7_919) % 65_536)}];`),
      'an expression of many parts': append(
        `;void (${Array.from({ length: 400 }, (_, at) => `'part ${at}'`).join(' + ')});`,
      ),
    },
  },
];

/** Larger ones would take the obfuscator too long. */
const maxChars = 12_000;

/** Undefined for what the obfuscator cannot read. */
function obfuscated(text: string, strength: Strength): string | undefined {
  if (text.length > maxChars) return undefined;
  try {
    return obfuscate(text.replace(/^#!.*/, ''), strength, randomFor('entry'));
  } catch {
    return undefined;
  }
}

/** Each letter as a character that has no shape. */
function carry(first: number): string {
  return [...'far far far far far'].map((letter) => String.fromCodePoint(first + letter.charCodeAt(0))).join('');
}

/** Behind the first line that ends a statement. */
function hideRight(text: string): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^(?:const|let|var|import|export|module|exports)\b.*;$/.test(line));
  if (at === -1) return undefined;
  return lines.with(at, `${lines[at]}${right}${far}`).join('\n');
}
