/**
 * WebAssembly whose bytes stand in the text one by one, which takes nothing from outside and keeps no memory: it gives numbers for
 * numbers, and can neither reach anything nor hold a text. What is written in base64 is not looked into: nobody reads that either.
 */
import type { CallSite, Node } from '../syntax/scope.ts';

const magic = '\0asm\x01\0\0\0';
/** Types, functions, globals, exports and code. Not imports (2), tables (4), memory (5), data (11), nor what is unknown (0). */
const ownSections: ReadonlySet<number> = new Set([1, 3, 6, 7, 10]);
const code = 10;
/** Arithmetic is short. */
const maxBytes = 2_000;

export function computesOnly(call: CallSite['node']): boolean {
  const [module] = 'arguments' in call ? call.arguments : [];
  if (module?.type !== 'NewExpression') return false;
  const { callee, arguments: given } = module;
  return callee.type === 'Identifier' && callee.name === 'Uint8Array' && isArithmetic(bytesOf(given[0]));
}

function bytesOf(list: Node | undefined): string | undefined {
  if (list?.type !== 'ArrayExpression' || list.elements.length > maxBytes) return undefined;
  let text = '';
  for (const one of list.elements) {
    if (one?.type !== 'Literal' || typeof one.value !== 'number') return undefined;
    text += String.fromCharCode(one.value & 255);
  }
  return text;
}

function isArithmetic(text: string | undefined): boolean {
  if (text === undefined || !text.startsWith(magic)) return false;
  let hasCode = false;
  for (let at = magic.length; at < text.length; ) {
    const section = text.charCodeAt(at);
    const size = readSize(text, at + 1);
    if (!ownSections.has(section) || size === undefined) return false;
    hasCode ||= section === code;
    at = size.end + size.value;
    if (at > text.length) return false;
  }
  return hasCode;
}

/** LEB128; no section of so few bytes needs more than two of them. */
function readSize(text: string, at: number): { readonly value: number; readonly end: number } | undefined {
  const [low, high] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  if (low < 128) return { value: low, end: at + 1 };
  return high < 128 ? { value: low - 128 + high * 128, end: at + 2 } : undefined;
}
