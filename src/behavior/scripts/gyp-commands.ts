/**
 * Commands in a binding.gyp: npm runs node-gyp for such a file, and node-gyp runs what stands in `<!(…)`, evaluates every
 * condition as Python, and hands actions to the build. The file is a Python literal; only its texts are read here, since
 * everything that runs stands in one.
 */

export interface GypCommand {
  readonly kind: 'expansion' | 'action' | 'condition';
  readonly text: string;
  readonly line: number;
}

interface GypText {
  readonly value: string;
  readonly line: number;
  /** What stands between it and the text before, without comments and blanks. */
  readonly before: string;
}

const maxTexts = 20_000;
const maxCommands = 500;
const maxCommandText = 4_000;

/** Never throws: what is no Python literal has texts all the same. */
export function listGypCommands(text: string): GypCommand[] {
  const texts = listTexts(text);
  const found = [...listExpansions(texts), ...listActions(texts), ...listConditions(texts)];
  return found.slice(0, maxCommands);
}

/** Adjacent texts are one, as in Python. */
function listTexts(text: string): GypText[] {
  const texts: GypText[] = [];
  const token = /#[^\n]*|'''([\s\S]*?)'''|"""([\s\S]*?)"""|'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/g;
  let [end, line, before] = [0, 1, ''];
  for (const match of text.matchAll(token)) {
    if (texts.length >= maxTexts) break;
    const between = text.slice(end, match.index);
    before += between.replaceAll(/\s+/g, '');
    line += between.split('\n').length - 1;
    end = match.index + match[0].length;
    if (!match[0].startsWith('#')) {
      const value = unescapePython(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
      const last = texts.at(-1);
      if (before === '' && last !== undefined) texts[texts.length - 1] = { ...last, value: last.value + value };
      else texts.push({ value, line, before });
      before = '';
    }
    line += match[0].split('\n').length - 1;
  }
  return texts;
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescapePython(text: string): string {
  return text.replaceAll(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|[\s\S])/g, (written) => {
    const [, , digits] = /^\\([xu])([0-9a-fA-F]{2,4})$/.exec(written) ?? [];
    if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 16));
    if (/^\\[0-7]/.test(written)) return String.fromCharCode(Number.parseInt(written.slice(1), 8));
    return letters[written.slice(1)] ?? written.slice(1);
  });
}

/** `<!(…)`, `<!@(…)`, `>!(…)`, `^!(…)`, `<|(…)`; brackets are counted, as gyp does. */
function listExpansions(texts: readonly GypText[]): GypCommand[] {
  return texts.flatMap(({ value, line }) => {
    const commands: GypCommand[] = [];
    const opening = /[<>^][!|]@?\(/g;
    for (
      let found = opening.exec(value);
      found !== null && commands.length < maxCommands;
      found = opening.exec(value)
    ) {
      const end = Math.min(findClosing(value, opening.lastIndex), opening.lastIndex + maxCommandText);
      commands.push({ kind: 'expansion', text: value.slice(opening.lastIndex, end), line });
    }
    return commands;
  });
}

function findClosing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < Math.min(text.length, from + maxCommandText); at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** `'action': ['python', 'make.py']`; a text instead of a list goes to a shell. */
function listActions(texts: readonly GypText[]): GypCommand[] {
  return texts.flatMap(({ value, line }, index) => {
    const next = texts[index + 1];
    if (!/^(?:action|postbuild|cmd)$/.test(value) || next === undefined || !next.before.startsWith(':')) return [];
    const words = [next.value];
    if (next.before === ':[') {
      for (let at = index + 2; at < texts.length && texts[at]?.before === ','; at += 1)
        words.push(texts[at]?.value ?? '');
      return [{ kind: 'action', text: words.map(quoteWord).join(' '), line } as const];
    }
    return [{ kind: 'action', text: next.value, line } as const];
  });
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Words that no honest condition needs: they lead from a literal to Python's builtins. */
const escaping =
  /__\w+__|\bimport\b|\beval\b|\bexec\b|\bgetattr\b|\blambda\b|\bopen\s*\(|\bos\s*\.|\bsys\s*\.|\bcompile\s*\(/;

/** Only a text that begins a list, or the list in it, can be one. */
function listConditions(texts: readonly GypText[]): GypCommand[] {
  return texts.flatMap(({ value, line, before }) => {
    const isFirst = before.endsWith('[');
    return isFirst && escaping.test(value) ? [{ kind: 'condition', text: value, line } as const] : [];
  });
}
