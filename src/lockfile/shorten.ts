/** Foreign text in a sentence for a person: on one line, and short. */
export function shortenForPerson(text: string, maxLength = 80): string {
  const line = text
    .slice(0, maxLength * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}
