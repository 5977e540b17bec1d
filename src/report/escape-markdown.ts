/**
 * The one way from foreign text to Markdown as GitHub shows it. `Markdown` can only be made here:
 * a plain string put between our words is escaped, and a report that is no `Markdown` does not compile.
 */
import { escapeTerminalCode } from './escape-terminal.ts';
import { makeVisible } from './visible-text.ts';

export class Markdown {
  readonly #text: string;

  /** @param text Markdown already: nothing foreign in it that did not pass an escape below. */
  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** Our own Markdown, with foreign values between it. */
  static of(words: TemplateStringsArray, ...values: readonly (string | number | Markdown)[]): Markdown {
    const texts = values.map((value) => (value instanceof Markdown ? value.#text : escapeMarkdown(`${value}`)));
    return new Markdown(String.raw({ raw: words }, ...texts));
  }

  static join(parts: readonly Markdown[], separator: '' | ', ' | ' → ' | '\n' | '\n\n'): Markdown {
    return new Markdown(parts.map((part) => part.#text).join(separator));
  }

  /** A code span: nothing in it is Markdown, HTML, a mention or a link. */
  static code(text: string): Markdown {
    const visible = makeVisible(text).replace(/ +/g, ' ').trim();
    const fence = '`'.repeat(longestRun(visible, '`') + 1);
    // CommonMark strips one space from each side, which keeps the text's own backticks off the fence.
    const room = visible === '' || /^`|`$/.test(visible) ? ' ' : '';
    return new Markdown(`${fence}${room}${visible}${room}${fence}`);
  }

  /** A sentence of ours in which backticks mark code, as they do in a rule's text. */
  static prose(text: string): Markdown {
    const pieces = text.split(/(`[^`]+`)/).filter((piece) => piece !== '');
    return Markdown.join(
      pieces.map((piece) => (/^`[^`]+`$/.test(piece) ? Markdown.code(piece.slice(1, -1)) : Markdown.of`${piece}`)),
      '',
    );
  }

  /** A fenced block. Callers put something of ours before every line, so that none starts a command or a fence. */
  static fence(lines: readonly { readonly lead: string; readonly code: string }[]): Markdown {
    return Markdown.#fence(
      'text',
      lines.map(({ lead, code }) => `${lead}${escapeTerminalCode(code)}`),
    );
  }

  /** As `diff -u` writes it. Tabs stay, so that it can be applied; what would steer a reader's screen does not. */
  static diff(text: string): Markdown {
    const lines = text.replace(/\n$/, '').split('\n');
    return Markdown.#fence(
      'diff',
      lines.map(
        (line) => (/^[-+ @\\]/.test(line) ? '' : ' ') + line.replace(/\r$/, '').split('\t').map(makeVisible).join('\t'),
      ),
    );
  }

  static #fence(language: 'text' | 'diff', lines: readonly string[]): Markdown {
    const longest = lines.reduce((length, line) => Math.max(length, longestRun(line, '`')), 2);
    const fence = '`'.repeat(longest + 1);
    return new Markdown([`${fence}${language}`, ...lines, fence].join('\n'));
  }

  /** Folded away under a summary, until somebody opens it. */
  static fold(summary: Markdown, content: Markdown): Markdown {
    return new Markdown(`<details><summary>${summary.#text}</summary>\n\n${content.#text}\n\n</details>`);
  }

  /** A cell of a table: a code span where that cannot be cut in two by a bar. */
  static cell(text: string): Markdown {
    return text.includes('|') ? Markdown.of`${text}` : Markdown.code(text);
  }

  /** Text that stays on one line, for a cell that would be broken in two. */
  static unbroken(text: string): Markdown {
    return new Markdown(escapeMarkdown(text).replaceAll(' ', '&nbsp;'));
  }

  /** A row of a table. */
  static row(cells: readonly Markdown[]): Markdown {
    return new Markdown(`| ${cells.map((cell) => cell.#text).join(' | ')} |`);
  }

  /** The row that makes a table's first row its header. */
  static underline(columns: number): Markdown {
    return new Markdown(`|${' --- |'.repeat(columns)}`);
  }

  /** How much of a comment it takes. A limit in characters holds when it holds in bytes. */
  get bytes(): number {
    return new TextEncoder().encode(this.#text).length;
  }
}

/** Text that stays text wherever it stands: in a paragraph, a list, a heading or a table's cell. */
export function escapeMarkdown(text: string): string {
  return makeVisible(text)
    .replace(/ {2,}/g, ' ')
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_[\]#|~$]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^( *)([-+=])/, '$1\\$2')
    .replace(/^( *\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/@|#(?=\d)|:(?=\/\/)|GH-|www(?=\.)/gi, `$&${wordBreak}`);
}

/** GitHub links mentions, references and addresses in finished text; a break that takes no room prevents it. */
const wordBreak = '&#8203;';

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
