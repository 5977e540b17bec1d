/** What a line of shell commands prints that only prints and decodes constants: `echo Y3VybA== | base64 -d`. */
import { Buffer } from 'node:buffer';

/** Longer texts are left alone. */
const maxText = 100_000;

/** @param commands Their words. Undefined where the text does not tell. */
export function decodePipeline(commands: readonly (readonly string[])[]): string | undefined {
  const [first, ...filters] = commands;
  let text = first === undefined ? undefined : printedBy(first);
  for (const filter of filters) text = text === undefined || text.length > maxText ? undefined : applyTo(text, filter);
  return text;
}

/** Whether one of the commands makes another text of what it is given. */
export function decodes(commands: readonly (readonly string[])[]): boolean {
  return commands.some(([program = '', ...options]) => {
    if (program === 'base64' || program === 'base32') return options.some((one) => /^-[a-z]*[dD]|^--decode$/.test(one));
    if (program === 'openssl') return options.includes('-d');
    if (program === 'xxd') return options.some((one) => /^-[a-z]*r/.test(one));
    return /^(?:rev|gunzip|zcat|bzcat|xzcat|uudecode|gpg|tr)$/.test(program) || /^(?:gzip|xz|bzip2)$/.test(program);
  });
}

function printedBy([program, ...words]: readonly string[]): string | undefined {
  if (words.some((word) => /\$[({\w]|`/.test(word))) return undefined;
  const rest = words.filter((word) => !/^-[neE]+$/.test(word));
  if (program === 'echo') return rest.join(' ');
  if (program !== 'printf' || rest[0] === undefined) return undefined;
  const [format, ...values] = rest;
  if (!/%[sb]/.test(format)) return unescapeText(format);
  let at = 0;
  return unescapeText(format.replaceAll(/%[sb]/g, () => values[at++] ?? ''));
}

function applyTo(text: string, [program = '', ...options]: readonly string[]): string | undefined {
  const flags = options.filter((option) => option.startsWith('-')).join(' ');
  if (program === 'cat' && options.length === 0) return text;
  if (program === 'rev') return [...text.trim()].reverse().join('');
  if (program === 'base64' && /-[a-z]*[dD]|--decode/.test(flags)) return decodeWith('base64', text);
  if (program === 'openssl' && options[0] === 'base64' && /-d\b/.test(flags)) return decodeWith('base64', text);
  if (program === 'xxd' && /-[a-z]*r/.test(flags)) return decodeWith('hex', text);
  return undefined;
}

function decodeWith(encoding: 'base64' | 'hex', text: string): string {
  return Buffer.from(text.replaceAll(/\s/g, ''), encoding).toString('utf8');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescapeText(text: string): string {
  return text
    .replaceAll(/\\x([0-9a-fA-F]{1,2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replaceAll(/\\([ntr\\])/g, (found, letter: string) => escapes[letter] ?? found);
}
