/** How much of a text is code, in characters: what is left of a package that lost some of its own. */

const literals = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\b\d[\w.]*|[^\S\n]+|[,[\]{}:]+/g;

/** Names and marks alone, without texts, numbers and the commas between them: a table is no program. */
export function countProgram(text: string): number {
  return countCode(text.replaceAll(literals, ''));
}

/** Comment lines and indentation are no code: a farewell letter of a megabyte does not fill an empty package. */
export function countCode(text: string, limit: number = Number.POSITIVE_INFINITY): number {
  let count = 0;
  let inComment = false;
  for (let start = 0; start < text.length && count <= limit; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    const isOpening: boolean = !inComment && line.startsWith('/*');
    if (!inComment && !isOpening && !line.startsWith('//')) count += line.length;
    inComment = (inComment || isOpening) && !line.includes('*/', isOpening ? 2 : 0);
  }
  return count;
}
