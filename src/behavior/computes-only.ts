/**
 * WebAssembly whose bytes stand in the text, which takes nothing from outside and keeps no memory: it gives numbers for numbers,
 * and can neither reach anything nor hold a text.
 */
import { alternatives, type Value } from './value.ts';

const magic = '\0asm\x01\0\0\0';
/** Types, functions, globals, exports and code. Not imports (2), tables (4), memory (5), data (11), nor what is unknown (0). */
const ownSections: ReadonlySet<number> = new Set([1, 3, 6, 7, 10]);
/** Arithmetic is short. */
const maxBytes = 2_000;

export function computesOnly(module: Value | undefined): boolean {
  const values = module === undefined ? [] : alternatives(module);
  return values.length > 0 && values.every((one) => isArithmetic(bytesOf(one)));
}

function bytesOf(value: Value): string | undefined {
  if (value.kind === 'bytes') return value.text;
  if (value.kind !== 'list' || value.isOpen || value.elements.length > maxBytes) return undefined;
  let text = '';
  for (const one of value.elements) {
    if (one.kind !== 'constant' || typeof one.value !== 'number') return undefined;
    text += String.fromCharCode(one.value & 255);
  }
  return text;
}

function isArithmetic(text: string | undefined): boolean {
  if (text === undefined || text.length > maxBytes || !text.startsWith(magic)) return false;
  for (let at = magic.length; at < text.length; ) {
    const section = text.charCodeAt(at);
    const size = readSize(text, at + 1);
    if (!ownSections.has(section) || size === undefined) return false;
    at = size.end + size.value;
    if (at > text.length) return false;
  }
  return true;
}

/** LEB128; no section of so few bytes needs more than two of them. */
function readSize(text: string, at: number): { readonly value: number; readonly end: number } | undefined {
  const [low, high] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  if (low < 128) return { value: low, end: at + 1 };
  return high < 128 ? { value: low - 128 + high * 128, end: at + 2 } : undefined;
}
