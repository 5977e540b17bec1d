/** What a script that is no JavaScript was found to do: the summary in the making. */
import type { BehaviorKind, Mark, Origin } from '../../model/behavior.ts';
import { isBroad } from '../outside/broad-path.ts';
import type { FileSummary, FnSummary, LocalBehavior, ModuleLoad, RunAs } from '../summary/file-summary.ts';

/** A hostile script repeats itself; so much of one says enough. */
const maxBehaviors = 1_000;
const maxLoads = 1_000;
const maxDetail = 400;

export interface Told {
  readonly kind: BehaviorKind;
  readonly api: string;
  readonly detail: string;
  readonly marks?: readonly Mark[];
  readonly origins?: readonly Origin[];
}

export class ScriptDraft {
  readonly #behaviors = new Map<string, LocalBehavior>();
  readonly #loads = new Map<string, ModuleLoad>();
  /** Files that a command puts there from the network. */
  readonly downloaded: Set<string> = new Set();
  /** Where `cd` has led, from the package's root. */
  folder = '';

  /** The same in two places is told once, with all that is known of it. */
  tell(line: number, { kind, api, detail, marks = [], origins = [] }: Told): void {
    const key = [kind, api, detail].join('\n');
    const known = this.#behaviors.get(key);
    if (known === undefined && this.#behaviors.size >= maxBehaviors) return;
    this.#behaviors.set(key, {
      kind,
      api,
      detail: detail.slice(0, maxDetail),
      marks: [...new Set([...(known?.marks ?? []), ...marks])],
      origins: [...new Set([...(known?.origins ?? []), ...origins])],
      guards: [],
      line: known?.line ?? line,
    });
  }

  tellFile(line: number, { kind, api, detail }: Omit<Told, 'marks' | 'origins'>, marks: readonly Mark[] = []): void {
    this.tell(line, { kind, api, detail, marks: isBroad(detail) ? [...marks, 'broad-target'] : marks });
  }

  run(line: number, named: string, runAs: RunAs): void {
    const isHere = this.folder !== '' && /^[\w@.]/.test(named) && runAs.language !== 'npm-script';
    const specifier = isHere ? `${this.folder}/${named}` : named;
    const key = `${specifier}\n${runAs.language}`;
    if (specifier === '' || this.#loads.has(key) || this.#loads.size >= maxLoads) return;
    this.#loads.set(key, { specifier, line, guards: [], conditional: false, caught: false, runAs });
  }

  doubtLoads(): void {
    for (const [key, load] of this.#loads)
      if (load.runAs !== undefined) this.#loads.set(key, { ...load, runAs: { ...load.runAs, isCertain: false } });
  }

  /** JavaScript that stands in the script as text. */
  addCode(line: number, fns: readonly FnSummary[]): void {
    for (const behavior of fns.flatMap((fn) => fn.behaviors)) {
      const key = [behavior.kind, behavior.api, behavior.detail ?? '', ...behavior.marks].join('\n');
      if (!this.#behaviors.has(key) && this.#behaviors.size < maxBehaviors)
        this.#behaviors.set(key, { ...behavior, line });
    }
    // Such code often tries a file that is not packed.
    for (const { specifier } of fns.flatMap((fn) => fn.loads))
      if (specifier.startsWith('.')) this.run(line, specifier, { language: 'javascript', isCertain: false });
  }

  finish(unread?: FileSummary['unread']): FileSummary {
    const fn = { name: '', behaviors: [...this.#behaviors.values()], edges: [], loads: [...this.#loads.values()] };
    const exports = { fns: new Map(), names: new Set<string>(), from: [], complete: false };
    return { fns: [fn], exports, failure: undefined, unread };
  }
}
