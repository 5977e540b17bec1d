/** The ways in which one piece of code is written: what hides it, what takes another road to the same thing, what honest tools make of it. */
import type { Strength } from './obfuscate.ts';
import type { Random } from './random-for.ts';
import type { Rewriting } from './rewrite-code.ts';
import {
  bracketMember,
  globalMember,
  heldFunction,
  interopHelper,
  reflected,
  takeOut,
  throughCall,
  transpiled,
} from './rewritings.ts';
import type { ModuleSystem, Snippet } from './snippet.ts';
import { quote, type Spelling, spellings } from './spellings.ts';
import { wordTables } from './word-tables.ts';

/** Every step is optional; they are taken in this order. */
export interface Encoding {
  readonly id: string;
  /** Absent: both. */
  readonly system?: ModuleSystem;
  /** Changes what is imported, and how it is named. */
  readonly reshape?: (snippet: Snippet) => Snippet;
  /** Statements that stand before the others. */
  readonly helper?: string;
  /** An expression that loads a module, given one of its name. Absent: `require`, or an import statement if nothing spells names. */
  readonly load?: (name: string, system: ModuleSystem) => string;
  /** It loads with `await`. */
  readonly awaits?: true;
  /** Made anew for each piece, as it may collect what it spells. */
  readonly spelling?: () => Spelling;
  /** Names of modules and members stay as they are. */
  readonly openly?: true;
  /** @param modules The names of what is imported. */
  readonly rewrite?: (random: Random, modules: ReadonlySet<string>) => Rewriting;
  /** The code as a text that is run. */
  readonly enclose?: (code: string) => string;
  /** What is done with the whole at the end. */
  readonly obfuscated?: Strength;
}

const plain: Encoding = { id: 'plain' };

export const encodings: readonly Encoding[] = [
  plain,
  ...spellings.map((spelling): Encoding => ({ id: spelling.id, spelling: () => spelling })),
  ...wordTables.map((spelling): Encoding => ({ id: spelling().id, spelling })),
  { id: 'brackets', rewrite: () => bracketMember },
  { id: 'destructured', reshape: takeOut },
  { id: 'require-alias', system: 'cjs', helper: 'const loadModule = require;', load: (name) => `loadModule(${name})` },
  { id: 'main-module', system: 'cjs', load: (name) => `process.mainModule.require(${name})` },
  { id: 'module-load', system: 'cjs', load: (name) => `module.constructor._load(${name})` },
  { id: 'create-require', load: viaCreateRequire },
  { id: 'builtin-module', load: (name) => `process.getBuiltinModule(${name})` },
  { id: 'dynamic-import', load: (name) => `await import(${name})`, awaits: true },
  { id: 'global-members', rewrite: globalMember },
  { id: 'reflect', rewrite: reflected },
  { id: 'call-apply', rewrite: throughCall },
  { id: 'held', rewrite: heldFunction },
  { id: 'eval-text', enclose: (code) => `eval(${JSON.stringify(code)});` },
  { id: 'function-text', enclose: (code) => `new Function('require', ${JSON.stringify(code)})(require);` },
  { id: 'minified', obfuscated: 'minified' },
  { id: 'obfuscator-strings', obfuscated: 'strings' },
  { id: 'obfuscator-flattened', obfuscated: 'flattened' },
];

/** How honest code comes out of editors, compilers and minifiers. */
export const honestStyles: readonly Encoding[] = [
  plain,
  { id: 'broken-lines', openly: true, spelling: () => ({ id: 'broken-lines', spell: breakLines }) },
  {
    id: 'escapes',
    openly: true,
    spelling: () => ({ id: 'escapes', spell: (text) => JSON.stringify(text).replaceAll('/', '\\/') }),
  },
  {
    id: 'template',
    openly: true,
    spelling: () => ({ id: 'template', spell: (text) => `\`${text.replaceAll(/[\\`$]/g, '\\$&')}\`` }),
  },
  { id: 'brackets', rewrite: () => bracketMember },
  { id: 'destructured', reshape: takeOut },
  { id: 'transpiled', system: 'cjs', reshape: transpiled, helper: interopHelper },
  { id: 'minified', obfuscated: 'minified' },
];

function viaCreateRequire(name: string, system: ModuleSystem): string {
  return system === 'esm'
    ? `createRequire(import.meta.url)(${name})`
    : `require('module').createRequire(__filename)(${name})`;
}

const lineChars = 48;

function breakLines(text: string): string {
  const lines = text.match(new RegExp(`[^]{1,${lineChars}}`, 'g')) ?? [];
  return lines.length === 1 ? quote(text) : `(${lines.map(quote).join(' +\n  ')})`;
}
