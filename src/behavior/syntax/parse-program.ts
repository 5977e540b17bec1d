/** Text → syntax tree. Offsets only: lines are computed where a behavior needs one, which halves the parser's time. */
import { type ESTree, isParseError, type Options, parse } from 'meriyah';
import type { ParseFailure, UnreadCode } from '../../model/behavior.ts';

export type Program =
  | { readonly kind: 'parsed'; readonly root: ESTree.Program }
  | { readonly kind: 'failed'; readonly failure: Omit<ParseFailure, 'path'> }
  | { readonly kind: 'unread'; readonly unread: Omit<UnreadCode, 'path'> };

/** A syntax tree takes some sixty times its text in memory: beyond this a file is reported as not read. */
const maxChars = 12_000_000;

const common: Options = {
  next: true,
  webcompat: true,
  ranges: { start: true, end: true, range: false },
  raw: false,
  validateRegex: false,
};

const asModule: Options = { ...common, sourceType: 'module' };
/** CommonJS: a function's body in all but name, so `return` and `new.target` may stand at the top. */
const asScript: Options = { ...common, sourceType: 'commonjs' };

const moduleSyntax = /^\s*(?:import\b\s*[\w{*'"$]|export\b\s*[\w{*$]|\}\s*from\s*['"])/m;

/** Elements of a page in the middle of code, which bundlers for pages and phones compile. */
const pageSyntax = /<[A-Za-z>][\s\S]*(?:\/>|<\/)/;

/** Never throws. Tries the likelier of module and script first, and the other when that fails; then with elements in it. */
export function parseProgram(text: string, path: string): Program {
  if (text.length > maxChars) {
    return unread('too-large', `${text.length} characters; the limit is ${maxChars}`);
  }
  const moduleFirst = path.endsWith('.mjs') || (!path.endsWith('.cjs') && moduleSyntax.test(text));
  const first = tryParse(text, moduleFirst ? asModule : asScript);
  if (first.kind !== 'failed') return first;
  const second = tryParse(text, moduleFirst ? asScript : asModule);
  if (second.kind !== 'failed') return second;
  const third = pageSyntax.test(text) ? tryParse(text, { ...asModule, jsx: true }) : first;
  return third.kind === 'failed' ? first : third;
}

function tryParse(text: string, options: Options): Program {
  try {
    return { kind: 'parsed', root: parse(withoutMark(text), options) };
  } catch (error) {
    if (isParseError(error)) {
      return { kind: 'failed', failure: { line: error.loc.start.line, detail: error.description } };
    }
    // The parser recurses with the nesting of the text; a deep enough text overflows the stack.
    if (error instanceof RangeError) return unread('too-deep', 'nested too deeply to be parsed');
    throw error;
  }
}

/** Node drops a byte order mark before it looks for a hashbang; here every offset stays where it was. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF#!') ? `// ${text.slice(3)}` : text;
}

function unread(why: UnreadCode['why'], detail: string): Program {
  return { kind: 'unread', unread: { why, detail } };
}
