/** Other files of the package, as far as their functions tell what they make of what is known: texts, as a rule. */
import { parseLocalReference } from '../values/references.ts';
import { type Held, isThing, type KnownModule, type ModuleCode, type Outside } from './held.ts';

/** How many steps are left, for all files that are acted out together. */
export interface Meter {
  steps: number;
}

/** Acts another file out, for what it exports. */
export type OpenFile = (code: ModuleCode) => ReadonlyMap<string, Held>;

export class OtherFiles {
  /** What they hold, where that is known, by specifier. */
  readonly modules: ReadonlyMap<string, KnownModule>;
  readonly #open: OpenFile;
  readonly #opened = new Map<ModuleCode, ReadonlyMap<string, Held>>();

  constructor(modules: ReadonlyMap<string, KnownModule>, open: OpenFile) {
    this.modules = modules;
    this.#open = open;
  }

  /** A function of another file, where all that it is given is known. */
  find({ name }: Outside, given: readonly Held[]): Held {
    if (this.modules.size === 0) return undefined;
    const local = parseLocalReference(name);
    const code = local && this.modules.get(local.specifier)?.code;
    if (local === undefined || code === undefined || !given.every(isKnown)) return undefined;
    let opened = this.#opened.get(code);
    if (opened === undefined) {
      opened = this.#open(code);
      this.#opened.set(code, opened);
    }
    return opened.get(local.member) ?? (local.member === '' ? opened.get('default') : undefined);
  }
}

function isKnown(held: Held): boolean {
  return !isThing(held) || (held.kind !== 'unsure' && held.kind !== 'outside');
}

/** What another file gives that tells more than its name: a text, or what texts are made with. */
export function isAnswer(held: Held): boolean {
  if (!isThing(held)) return typeof held === 'string';
  return held.kind !== 'outside' && held.kind !== 'unsure' && held.kind !== 'settler';
}
