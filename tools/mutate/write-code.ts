/** A mechanism's code, in one module system, one encoding and one delivery: the text that is put into a file of the host. */
import { type DeliveryId, deliveries } from './deliveries.ts';
import type { Encoding } from './encodings.ts';
import { obfuscate } from './obfuscate.ts';
import type { Random } from './random-for.ts';
import { rewriteCode } from './rewrite-code.ts';
import { spelled } from './rewritings.ts';
import {
  type ImportLine,
  listDeclared,
  type ModuleSystem,
  parseSnippet,
  renameVariables,
  type Snippet,
} from './snippet.ts';
import { type FileBeside, quote } from './spellings.ts';

export interface Wording {
  readonly system: ModuleSystem;
  readonly encoding: Encoding;
  readonly delivery: DeliveryId;
  /** The function that the code becomes the body of, instead of running by itself. */
  readonly exported?: { readonly name: string; readonly parameters: string } | undefined;
  /** Names that it must not declare. */
  readonly isTaken: (name: string) => boolean;
  readonly random: Random;
}

export interface Written {
  readonly code: string;
  /** A file that the code needs in its folder. */
  readonly beside: FileBeside | undefined;
}

/** @param code In the notation of `snippet.ts`. */
export function writeCode(code: string, wording: Wording): Written {
  const { system, encoding, random } = wording;
  const snippet = reshape(parseSnippet(code), encoding);
  const isStatic = system === 'esm' && !hidesNames(encoding);
  const loads = isStatic ? [] : writeLoads(snippet, wording);
  const inner = [...(encoding.helper === undefined ? [] : [encoding.helper]), ...loads, snippet.body].join('\n');
  const encoded = encode(inner, snippet, wording);
  const delivered = deliver(encoding.enclose?.(encoded.code) ?? encoded.code, wording);
  const hoisted = isStatic ? snippet.imports.map(writeImport) : [];
  const whole = system === 'esm' ? withModuleNames([...hoisted, delivered].join('\n')) : delivered;
  const named = renameVariables(whole, renameTaken(whole, wording.isTaken)).trim();
  const done = encoding.obfuscated === undefined ? named : obfuscate(named, encoding.obfuscated, random);
  return { code: done, beside: encoded.beside };
}

function reshape(snippet: Snippet, { reshape: change }: Encoding): Snippet {
  return change === undefined ? snippet : change(snippet);
}

/** An import statement cannot hide what it imports. */
function hidesNames({ load, spelling, openly, enclose }: Encoding): boolean {
  return load !== undefined || (spelling !== undefined && openly !== true) || enclose !== undefined;
}

function writeLoads({ imports }: Snippet, { system, encoding, random }: Wording): string[] {
  // In a module, `require` has to be made; since Node 22 there is another way.
  const usual = system === 'esm' ? random.pick(['require', 'process.getBuiltinModule']) : 'require';
  const load = encoding.load ?? ((name: string) => `${usual}(${name})`);
  return imports.map(({ module, binding, through }) => {
    const loaded = load(quote(module), system);
    return `const ${writeBinding(binding, ': ')} = ${through === undefined ? loaded : `${through}(${loaded})`};`;
  });
}

function writeImport({ module, binding }: ImportLine): string {
  return `import ${writeBinding(binding, ' as ')} from ${quote(module)};`;
}

function writeBinding(binding: ImportLine['binding'], as: string): string {
  if (typeof binding === 'string') return binding;
  return `{ ${binding.map(({ name, local }) => `${name}${as}${local}`).join(', ')} }`;
}

function encode(code: string, { imports }: Snippet, { encoding, random }: Wording): Written {
  const spelling = encoding.spelling?.();
  if (spelling === undefined) {
    const modules = new Set(imports.flatMap(({ binding }) => (typeof binding === 'string' ? binding : [])));
    const rewriting = encoding.rewrite?.(random, modules);
    return { code: rewriting === undefined ? code : rewriteCode(code, rewriting), beside: undefined };
  }
  const members = encoding.openly !== true && random.below(3) > 0;
  const text = rewriteCode(code, spelled(spelling, members, random));
  const { helper, beside } = spelling;
  return { code: helper === undefined ? text : `${helper}\n${text}`, beside };
}

function deliver(code: string, { system, delivery, encoding, exported }: Wording): string {
  const begin = encoding.awaits === true ? 'async function' : 'function';
  if (exported === undefined) {
    const canAwait = delivery === 'async' || (system === 'esm' && (delivery === 'top' || delivery === 'try'));
    return deliveries[encoding.awaits === true && !canAwait ? 'async' : delivery](code);
  }
  const { name, parameters } = exported;
  return system === 'esm'
    ? `export ${begin} ${name}(${parameters}) {\n${code}\n}`
    : `module.exports.${name} = ${begin} (${parameters}) {\n${code}\n};`;
}

/** What CommonJS gives every file, a module makes for itself. */
function withModuleNames(code: string): string {
  const text = code.replaceAll('__filename', 'import.meta.filename').replaceAll('__dirname', 'import.meta.dirname');
  const asksForRequire = /(?<![.\w])require\b/.test(text);
  if (!asksForRequire && !text.includes('createRequire(')) return text;
  const made = asksForRequire ? 'const require = createRequire(import.meta.url);\n' : '';
  return `import { createRequire } from 'node:module';\n${made}${text}`;
}

function renameTaken(code: string, isTaken: (name: string) => boolean): (name: string) => string | undefined {
  const declared = new Map(listDeclared(code).map((name) => [name, findFree(name, isTaken)]));
  return (name) => declared.get(name);
}

function findFree(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name}${number}`;
  return free;
}
