/**
 * JSON text edited in place: what nobody asked to change keeps every byte, its order, its indentation and its line ends.
 * The text has to be valid JSON; the lockfile's parser has made sure of it.
 */

/** One key and its value, by their offsets in the text. */
export interface Property {
  readonly key: string;
  readonly from: number;
  readonly valueFrom: number;
  readonly to: number;
}

/** Where an object's text begins and ends, braces included. */
export interface ObjectText {
  readonly from: number;
  readonly to: number;
  readonly properties: readonly Property[];
}

/** New text of a value; undefined takes the property away. */
export type PropertyEdits = ReadonlyMap<string, string | undefined>;

/** @param from Offset of the object's opening brace, or of white space before it. */
export function readObject(text: string, from: number): ObjectText {
  const open = text.indexOf('{', from);
  const properties: Property[] = [];
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const keyEnd = skipString(text, at);
    const valueFrom = skipSpace(text, text.indexOf(':', keyEnd) + 1);
    const to = skipValue(text, valueFrom);
    // Safe: the text between two quotes of valid JSON is a string.
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    properties.push({ key, from: at, valueFrom, to });
    at = skipSpace(text, to);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return { from: open, to: at + 1, properties };
}

export function findProperty({ properties }: ObjectText, key: string): Property | undefined {
  return properties.find((property) => property.key === key);
}

/** The object's text with some of its values replaced or taken away. */
export function editObject(text: string, { from, to, properties }: ObjectText, edits: PropertyEdits): string {
  const parts: string[] = [];
  for (const [index, { key, from: keyFrom, valueFrom, to: valueTo }] of properties.entries()) {
    const value = edits.has(key) ? edits.get(key) : text.slice(valueFrom, valueTo);
    if (value === undefined) continue;
    // What stands before a property is its own: a comma, a line end, the indentation. The first one kept needs no comma.
    const before = parts.length === 0 ? properties[0] : properties[index];
    const start = parts.length === 0 ? from : (properties[index - 1]?.to ?? from);
    parts.push(text.slice(start, before?.from), text.slice(keyFrom, valueFrom), value);
  }
  return parts.length === 0 ? '{}' : parts.join('') + text.slice(properties.at(-1)?.to, to);
}

/** How an object is laid out, so that one in its place looks like it. */
export interface Layout {
  /** Line end and indentation before each key; empty where all is on one line. */
  readonly before: string;
  /** The same before the closing brace. */
  readonly end: string;
  /** One step of indentation. */
  readonly step: string;
  readonly colon: string;
  readonly comma: string;
}

export function findLayout(text: string, { from, to, properties }: ObjectText): Layout {
  const [first, second] = properties;
  if (first === undefined) return { before: '', end: '', step: '', colon: ':', comma: ',' };
  const before = text.slice(from + 1, first.from);
  const end = text.slice(properties.at(-1)?.to, to - 1);
  const [deep = '', shallow = ''] = [before, end].map((space) => /[^\n]*$/.exec(space)?.[0]);
  const comma = second === undefined || before.includes('\n') ? ',' : text.slice(first.to, second.from);
  const colon = /:\s*$/.exec(text.slice(first.from, first.valueFrom))?.[0] ?? ': ';
  return { before, end, step: deep.slice(shallow.length), colon, comma };
}

/** @param values Each key with its value's text. */
export function renderObject(values: readonly (readonly [key: string, text: string])[], layout: Layout): string {
  if (values.length === 0) return '{}';
  const { before, end, colon } = layout;
  const comma = before.includes('\n') ? `,${before}` : layout.comma;
  return `{${before}${values.map(([key, text]) => `${JSON.stringify(key)}${colon}${text}`).join(comma)}${end}}`;
}

/** A value's text, as it looks as a property of an object that is laid out so. */
export function renderValue(value: unknown, { before, step, colon, comma }: Layout): string {
  if (before.includes('\n')) {
    return JSON.stringify(value, undefined, step).replaceAll('\n', before);
  }
  if (colon === ':' && comma === ',') return JSON.stringify(value);
  // One line that is not dense has its blanks in nested values too. Within a string no line ends.
  const spaced = JSON.stringify(value, undefined, 1);
  return before === ''
    ? spaced.replaceAll(/(?<=[{[])\n\s*|\n\s*(?=[}\]])/g, '').replaceAll(/\n\s*/g, ' ')
    : spaced.replaceAll(/\n\s*/g, ' ');
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

/** Returns the offset behind the closing quote. */
function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Returns the offset behind the value. */
function skipValue(text: string, from: number): number {
  if (text[from] === '"') return skipString(text, from);
  if (text[from] !== '{' && text[from] !== '[') {
    let end = from;
    while (end < text.length && !/[\s,}\]]/.test(text.charAt(end))) end += 1;
    return end;
  }
  let depth = 0;
  let at = from;
  do {
    const character = text[at];
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}
