/**
 * What files of the package hold that others take their names and texts from: JSON documents, what modules export as text,
 * and short modules whose functions make texts.
 */
import { type PackageFile, type PackageTree, textOf } from '../../model/package-tree.ts';
import { type Held, isThing, type KnownModule, listOf, tableOf } from '../rehearsal/held.ts';
import { fromDocument } from '../rehearsal/object-natives.ts';
import { Rehearsal } from '../rehearsal/rehearse.ts';
import { collectSites } from '../syntax/collect.ts';
import { parseProgram } from '../syntax/parse-program.ts';
import { findImported } from './resolve-module.ts';

const maxBytes = 300_000;

/** What is known of the files that one file takes texts from. It can be handed to another thread. */
export interface KnownModules {
  /** By specifier, as the file writes it. */
  readonly modules: ReadonlyMap<string, KnownModule>;
  /** Of what was read, as one text. */
  readonly digests: string;
}

/** @param remembered What was read before, by contents. */
export function findKnownModules(
  { specifiers, from }: { readonly specifiers: readonly string[]; readonly from: string },
  tree: PackageTree,
  remembered: Map<string, KnownModule | undefined>,
): KnownModules {
  const modules = new Map<string, KnownModule>();
  const digests: string[] = [];
  for (const specifier of specifiers) {
    const path = findImported(specifier, from, tree);
    const file = path === undefined || path === from ? undefined : tree.files.get(path);
    if (file === undefined || file.bytes.length > maxBytes) continue;
    const key = `${file.digest} ${path}`;
    const known = remembered.has(key) ? remembered.get(key) : read(file);
    remembered.set(key, known);
    if (known === undefined) continue;
    modules.set(specifier, known);
    digests.push(`${specifier} ${file.digest}`);
  }
  return { modules, digests: digests.join(' ') };
}

function read(file: PackageFile): KnownModule | undefined {
  return file.path.endsWith('.json') ? readDocument(textOf(file)) : readExports(textOf(file), file.path);
}

function readDocument(text: string): KnownModule | undefined {
  try {
    return { whole: fromDocument(JSON.parse(text), 0), members: new Map() };
  } catch {
    // Node would fail on it, too.
    return undefined;
  }
}

function readExports(text: string, path: string): KnownModule | undefined {
  const program = parseProgram(text, path);
  if (program.kind !== 'parsed') return undefined;
  try {
    const exported = new Rehearsal(program.root, collectSites(program.root), { modules: new Map() }).exported();
    const texts = [...exported].filter(([, value]) => isText(value, maxNesting));
    const members = new Map(texts.map(([name, value]) => [name, withoutFunctions(value)]));
    // Where all of it is one text, or a list.
    const whole = members.get('');
    if (whole !== undefined) return { whole, members };
    const gives = text.length <= maxCode && [...exported.values()].some(isMaking);
    if (members.size === 0 && !gives) return undefined;
    return gives ? { members, code: { text, path } } : { members };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Nested too deeply to be followed: nothing is known of it.
    return undefined;
  }
}

const maxNesting = 4;
/** What only gives texts back is short. */
const maxCode = 20_000;

function isMaking(held: Held): boolean {
  return isThing(held) && (held.kind === 'closure' || held.kind === 'maker' || held.kind === 'bound');
}

/** Text, or a list or object of texts: functions stay what the file that has them makes of them. */
function isText(held: Held, nesting: number): boolean {
  if (!isThing(held)) return held !== undefined;
  if (held.kind === 'marked') return true;
  if (nesting === 0 || (held.kind !== 'list' && held.kind !== 'table')) return false;
  const inside = held.kind === 'list' ? held.elements : [...held.members.values()];
  return inside.length > 0 && inside.every((one) => isText(one, nesting - 1));
}

/** Of what is text: an object may have getters, and a class that made it. */
function withoutFunctions(held: Held): Held {
  if (!isThing(held)) return held;
  if (held.kind === 'list') return listOf(held.elements.map(withoutFunctions));
  if (held.kind !== 'table') return held;
  return tableOf([...held.members].map(([name, one]) => [name, withoutFunctions(one)] as const));
}
