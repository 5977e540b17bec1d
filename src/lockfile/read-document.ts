/**
 * The text of a lockfile or a package.json → a JSON object in which nothing can be read in two ways.
 * Attacker-controlled: size, depth, keys that stand twice and conflict markers are settled here, once.
 */
import { type ErrorCode, GuardError } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';
import { lineAt, walkJson } from './walk-json.ts';

export interface DocumentSource {
  readonly text: string;
  /** What the project calls the file, for messages. */
  readonly path: string;
  readonly code: Extract<ErrorCode, 'lockfile-invalid' | 'manifest-invalid'>;
}

export interface JsonDocument {
  readonly source: DocumentSource;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** About 80,000 packages as npm writes them. */
const maxDocumentChars = 32_000_000;
/** Version 1 takes two levels for each folder in a folder: 49 of those, where real trees have at most a dozen. */
const maxDocumentDepth = 100;
/** Some 70 times those of a large project. */
const maxKeys = 1_000_000;
/** A shorter text can be parsed whatever its depth; a longer one is measured first. */
const parseUnmeasuredChars = 1_000_000;

export function readDocument(source: DocumentSource): JsonDocument {
  const { text, path, code } = source;
  if (text.length > maxDocumentChars) {
    const [size, limit] = [text.length, maxDocumentChars].map((chars) => (chars / 1_000_000).toFixed(0));
    throw new GuardError(code, `${path} is ${size} MB long; files of more than ${limit} MB are not read.`);
  }
  refuseConflicts(source);
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (content.length > parseUnmeasuredChars) refuseDepth(source);
  const parsed = parse({ ...source, text: content });
  const keys = typeof parsed === 'object' && parsed !== null ? countKeys(parsed, 1) : 0;
  if (keys === 'too-deep') refuseDepth(source);
  else if (typeof keys === 'number' && keys > maxKeys) {
    throw new GuardError(code, `${path} has more than ${maxKeys} keys; no project has that many packages.`);
  } else if (keys === 'prototype' || mayHoldDuplicates(content, keys)) refuseKeys(source);
  if (isRecord(parsed)) return { source, fields: parsed };
  throw new GuardError(code, `${path} is JSON, but no object.`);
}

/** @param offset Where in the text. */
function refuseAt(source: DocumentSource, offset: number, problem: string): never {
  throw new GuardError(source.code, `${source.path}, line ${lineAt(source.text, offset)}: ${problem}`);
}

/**
 * npm merges what stands between conflict markers by itself, and takes lines for markers even inside a string:
 * such a text is one tree to a JSON parser and another one to npm. The condition is npm's own.
 */
function refuseConflicts(source: DocumentSource): void {
  const { text } = source;
  if (!(text.includes('<<<<<<<') && text.includes('=======') && text.includes('>>>>>>>'))) return;
  refuseAt(source, text.indexOf('<<<<<<<'), 'a merge conflict stands here (<<<<<<<); resolve it first.');
}

function parse(source: DocumentSource): unknown {
  const { text, path, code } = source;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const other = nameOtherFormat(text);
    if (other !== undefined) {
      const problem = `${path} is ${other}; Sluice reads npm's package-lock.json and npm-shrinkwrap.json.`;
      throw new GuardError(code, problem, { cause });
    }
    refuseMarker(source);
    const offset = walkJson(text, () => {});
    if (offset === undefined || offset >= text.length) {
      const problem = text.trim() === '' ? `${path} is empty.` : `${path} ends in the middle: it is cut off.`;
      throw new GuardError(code, problem, { cause });
    }
    return refuseAt(source, offset, `this is no JSON, from ${JSON.stringify(text.slice(offset, offset + 20))} on.`);
  }
}

/** A conflict that somebody resolved by half. */
function refuseMarker(source: DocumentSource): void {
  const found = /^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t\r]|$)/m.exec(source.text);
  if (found === null) return;
  refuseAt(source, found.index, `what is left of a merge conflict stands here (${found[0].trim()}); resolve it first.`);
}

function nameOtherFormat(text: string): string | undefined {
  const start = text.slice(0, 2000);
  if (/^__metadata:/m.test(start) || /^# yarn lockfile v1/m.test(start)) return "yarn's lockfile";
  if (/^lockfileVersion: /m.test(start)) return "pnpm's lockfile";
  if (/^\s*\{\s*"lockfileVersion": \d+,\s*"(?:configVersion|workspaces)"/.test(start)) return "Bun's lockfile";
  return undefined;
}

/** Keys of all objects in the document; or what forbids to go on. Calls itself as deep as a document may be. */
function countKeys(value: object, depth: number): number | 'too-deep' | 'prototype' {
  if (depth >= maxDocumentDepth) return 'too-deep';
  const isList = Array.isArray(value);
  let count = 0;
  // Safe: of what JSON.parse makes, all enumerable keys are an object's own.
  const children = value as Readonly<Record<string, unknown>>;
  for (const key in children) {
    if (key === '__proto__') return 'prototype';
    if (!isList) count += 1;
    const child = children[key];
    if (typeof child !== 'object' || child === null) continue;
    const below = countKeys(child, depth + 1);
    if (typeof below === 'string') return below;
    count += below;
  }
  return count;
}

/**
 * JSON.parse keeps the last of two equal keys and says nothing; who reads the file sees the first. A key ends in `":`,
 * and outside of strings there is no other colon. Where a colon is not told from one inside a string at a glance, or
 * there are more keys in the text than in the document, a slower look decides.
 */
function mayHoldDuplicates(text: string, keys: number): boolean {
  let ends = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    // Space before a colon: between a key and its value, or in a string.
    if (before <= 0x20) return true;
    if (before !== quote) continue;
    // A quote that may open a string, or stand in one.
    if (mayPrecedeString(text.charCodeAt(at - 2))) return true;
    ends += 1;
  }
  return ends !== keys;
}

const quote = 0x22;

function mayPrecedeString(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0x3a || code === 0x5b || code === 0x5c || code === 0x7b;
}

function refuseKeys(source: DocumentSource): void {
  const seen = new Set<string>();
  walkJson(source.text.replace(/^\uFEFF/, ' '), ({ key, object, offset }) => {
    if (key === '__proto__') refuseAt(source, offset, 'the key "__proto__" names nothing that npm has; take it out.');
    const place = `${object} ${key}`;
    if (seen.has(place)) {
      const problem = `the key ${JSON.stringify(key)} stands in the same object twice; npm takes the last one, and a reader the first.`;
      refuseAt(source, offset, problem);
    }
    seen.add(place);
  });
}

/** Brackets only: strings are skipped, and what stands between is not looked at. */
function refuseDepth(source: DocumentSource): void {
  const { text } = source;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== 0x22; at += 1)
        if (text.charCodeAt(at) === 0x5c) at += 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth >= maxDocumentDepth)
        refuseAt(source, at, `this is nested ${maxDocumentDepth} levels deep; npm writes a few.`);
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}
