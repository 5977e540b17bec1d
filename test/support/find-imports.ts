/**
 * The specifiers of everything a TypeScript file imports, types too.
 * What runs is parsed. What Node erases before it runs (types) is searched as text, so a comment or a string inside a
 * type may be taken for an import; never the other way round.
 */
import { stripTypeScriptTypes } from 'node:module';
import { parse } from 'meriyah';
import { isRecord } from '../../src/model/manifest.ts';

export function findImports(text: string): string[] {
  const code = stripTypeScriptTypes(text);
  return [...findIn(parse(code, { module: true, next: true })), ...findInTypes(onlyErased(text, code))];
}

/** Erased letters became white space where they stood; every other letter becomes a blank here. */
function onlyErased(text: string, code: string): string {
  if (code.length !== text.length) throw new Error('Node moved the code when it erased the types.');
  return text.replace(/\S/g, (letter, at: number) => (code[at] === letter ? ' ' : letter));
}

function findInTypes(types: string): string[] {
  const named = /\bfrom\s*(['"])(.+?)\1|\bimport\s*\(\s*(['"])(.+?)\3/g;
  return [...types.matchAll(named)].map((match) => match[2] ?? match[4] ?? '');
}

function findIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(findIn);
  if (!isRecord(node)) return [];
  return [...specifiersOf(node), ...Object.values(node).flatMap(findIn)];
}

function specifiersOf(node: Readonly<Record<string, unknown>>): string[] {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return [literalOf(node['source'])];
    case 'ExportNamedDeclaration':
      return isRecord(node['source']) ? [literalOf(node['source'])] : [];
    case 'CallExpression':
      return isRequire(node['callee']) && Array.isArray(node['arguments']) ? [literalOf(node['arguments'][0])] : [];
    default:
      return [];
  }
}

function isRequire(callee: unknown): boolean {
  return isRecord(callee) && callee['type'] === 'Identifier' && callee['name'] === 'require';
}

function literalOf(node: unknown): string {
  if (isRecord(node) && typeof node['value'] === 'string') return node['value'];
  throw new Error('An import names its module by something computed; no border can be checked. Write the name out.');
}
