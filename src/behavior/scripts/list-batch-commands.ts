/** A batch file's text, or a line for `cmd /c` → the commands in it, in the form of shell commands. */
import { decodePipeline } from './decode-pipeline.ts';
import type { ShellCommand } from './list-commands.ts';
import { placeOfVariable } from './shell-word.ts';

const maxLines = 5_000;
const maxWords = 200;
const maxText = 1_000;

/** Bounded: each character is looked at a fixed number of times. */
export function listBatchCommands(text: string): ShellCommand[] {
  const variables = new Map<string, string>();
  const lines = text.replaceAll(/\^\r?\n/g, '').split(/\r?\n/, maxLines);
  return lines.flatMap((line, index) => listLine(line, { line: index + 1, variables }));
}

interface Place {
  readonly line: number;
  readonly variables: Map<string, string>;
}

function listLine(written: string, { line, variables }: Place): ShellCommand[] {
  const plain = written.trim().replace(/^@+\s*/, '');
  if (plain === '' || /^(?:rem\b|::|:)/i.test(plain)) return [];
  const [, name, value] = /^set\s+"?(\w+)=([^"]*)"?$/i.exec(plain) ?? [];
  if (name !== undefined && value !== undefined) variables.set(name.toLowerCase(), value);
  return splitOutside(expand(plain, variables), /&&|\|\||&/y).flatMap((step) => {
    const stages = splitOutside(stripTest(step), /\|/y).map((stage) => readStage(stage));
    const text = stages
      .map(({ words }) => words.join(' '))
      .join(' | ')
      .slice(0, maxText);
    return stages.map(({ words, writes }, at): ShellCommand => {
      const upstream = stages.slice(0, at).map((stage) => stage.words);
      const input = at === 0 ? undefined : decodePipeline(upstream);
      const background = /^start$/i.test(words[0] ?? '') && words.some((word) => /^\/b$/i.test(word));
      return { words, variables: [], line, text, upstream, input, reads: [], writes, background };
    });
  });
}

/** `%TEMP%`, `%~dp0`, and what `set` gave a name to. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text
    .replaceAll(/%~dp0\\?/gi, './')
    .replaceAll(
      /[%!](\w+)[%!]/g,
      (found, name: string) => placeOfVariable(name) ?? variables.get(name.toLowerCase()) ?? found,
    )
    .replaceAll(/%\w+:~\d+,\d+%/g, (found) => readSlice(found, variables))
    .slice(0, 20_000);
}

/** `%letters:~3,1%` */
function readSlice(written: string, variables: ReadonlyMap<string, string>): string {
  const [, name = '', from, length] = /^%(\w+):~(\d+),(\d+)%$/.exec(written) ?? [];
  const value = variables.get(name.toLowerCase());
  return value === undefined ? written : value.slice(Number(from), Number(from) + Number(length));
}

/** `if exist x (command)`, `for %%f in (…) do command`, `else`. */
function stripTest(text: string): string {
  return text
    .trim()
    .replace(/^\(+|\)+$/g, '')
    .replace(/^(?:\)?\s*else\s*\(?\s*)/i, '')
    .replace(/^for\s.{0,500}?\sdo\s+\(?/i, '')
    .replace(
      /^if\s+(?:\/i\s+)?(?:not\s+)?(?:exist\s+(?:"[^"]*"|\S+)|defined\s+\S+|errorlevel\s+\d+|\S+\s*==\s*\S+|\S+\s+(?:equ|neq|lss|leq|gtr|geq)\s+\S+)\s*\(?/i,
      '',
    )
    .replace(/^@/, '');
}

/** Cuts where the separator stands outside of quotes. */
function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let [start, quoted] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (text[at] === '^') at += 1;
    else if (!quoted) {
      separator.lastIndex = at;
      const found = separator.exec(text)?.[0];
      if (found === undefined) continue;
      parts.push(text.slice(start, at));
      at += found.length - 1;
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== '');
}

function readStage(text: string): { readonly words: readonly string[]; readonly writes: readonly string[] } {
  const words: string[] = [];
  for (const [, quoted, plain = ''] of text.matchAll(/(?:"([^"]*)"|([^\s"]+))/g)) {
    if (words.length >= maxWords) break;
    words.push(quoted ?? plain.replaceAll(/\^(.?)/g, '$1'));
  }
  const writes = words.flatMap((word, index) => {
    const [, target] = /^\d?>{1,2}(.*)$/.exec(word) ?? [];
    return target === undefined ? [] : [target === '' ? (words[index + 1] ?? '') : target];
  });
  return { words, writes: writes.filter((target) => target !== '' && !/^(?:nul|&\d)$/i.test(target)) };
}
