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

  /** A fenced block. Callers put something of ours before every line, so that none starts a command or a fence. */
  static fence(lines: readonly { readonly lead: string; readonly code: string }[]): Markdown {
    const texts = lines.map(({ lead, code }) => `${lead}${escapeTerminalCode(code)}`);
    const longest = texts.reduce((length, text) => Math.max(length, longestRun(text, '`')), 2);
    const fence = '`'.repeat(longest + 1);
    return new Markdown([`${fence}text`, ...texts, fence].join('\n'));
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
