/**
 * The keys of a text that JSON.parse has accepted, with their places: brackets and strings are all that is looked at,
 * and nothing is made of a key that nobody asks for.
 */

/**
 * @param onKey Is told how many objects and lists the key stands in, and where its quotes are.
 */
export function walkKeys(text: string, onKey: (depth: number, open: number, close: number) => void): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const close = findClose(text, at);
      if (isKey(text, close)) onKey(depth, at, close);
      at = close;
    } else if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
}

/** What stands between the quotes, escapes undone. */
export function readKey(text: string, open: number, close: number): string {
  const key = text.slice(open + 1, close);
  return key.includes('\\') ? String(JSON.parse(text.slice(open, close + 1))) : key;
}

const [quote, backslash, colon, space] = [0x22, 0x5c, 0x3a, 0x20];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A quote is escaped by an odd number of backslashes before it. */
function findClose(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (text.charCodeAt(close - 1) === backslash) {
    let start = close - 1;
    while (text.charCodeAt(start - 1) === backslash) start -= 1;
    if ((close - start) % 2 === 0) break;
    close = text.indexOf('"', close + 1);
  }
  return close;
}

function isKey(text: string, close: number): boolean {
  let at = close + 1;
  while (text.charCodeAt(at) <= space) at += 1;
  return text.charCodeAt(at) === colon;
}
