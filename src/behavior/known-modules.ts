/** What files of the package hold that others take their names and texts from: JSON documents, and what modules export as text. */
import { type PackageFile, type PackageTree, textOf } from '../model/package-tree.ts';
import { collectSites } from './collect.ts';
import { parseProgram } from './parse-program.ts';
import { type Held, isThing, type KnownModule } from './rehearsal/held.ts';
import { fromDocument } from './rehearsal/object-natives.ts';
import { Rehearsal } from './rehearsal/rehearse.ts';
import { findImported } from './resolve-module.ts';

const maxBytes = 300_000;

/** @param remembered What was read before, by contents.
 * @returns By specifier, as the file at `from` writes it; and the digests of what was read, as one text. */
export function findKnownModules(
  { specifiers, from }: { readonly specifiers: readonly string[]; readonly from: string },
  tree: PackageTree,
  remembered: Map<string, KnownModule | undefined>,
): { readonly modules: ReadonlyMap<string, KnownModule>; readonly digests: string } {
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
    const exported = new Rehearsal(program.root, collectSites(program.root), new Map()).exported();
    const members = new Map([...exported].filter(([, value]) => isText(value, maxNesting)));
    return members.size === 0 ? undefined : { members };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Nested too deeply to be followed: nothing is known of it.
    return undefined;
  }
}

const maxNesting = 4;

/** Text, or a list or object of texts: functions stay what the file that has them makes of them. */
function isText(held: Held, nesting: number): boolean {
  if (!isThing(held)) return held !== undefined;
  if (held.kind === 'marked') return true;
  if (nesting === 0 || (held.kind !== 'list' && held.kind !== 'table')) return false;
  const inside = held.kind === 'list' ? held.elements : [...held.members.values()];
  return inside.length > 0 && inside.every((one) => isText(one, nesting - 1));
}
