/** What a hostile text could have brought into a Markdown report: nothing of this is ours. */
import { marked } from 'marked';

const foreignKinds: readonly string[] = ['link', 'image', 'em', 'del', 'table', 'blockquote', 'hr', 'html'];

export function findForeignTokens(markdown: string): readonly string[] {
  const foreign: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    const isOurs = /^<\/?sub>$/.test(token.raw.trim());
    if (foreignKinds.includes(token.type) && !isOurs) foreign.push(token.raw);
    const isText = token.type === 'text' && !('tokens' in token);
    if (isText && /@[a-z]|#\d|GH-\d|:\/\/|www\./i.test(token['text'])) foreign.push(token.raw);
  });
  return foreign;
}
