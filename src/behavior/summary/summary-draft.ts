/** A file's summary in the making: what its functions were found to do, by the function that does it. */
import type { Carried, Guard, Mark } from '../../model/behavior.ts';
import { findImplicitCalls } from '../flows/implicit-calls.ts';
import type { GuardFinder } from '../guards/guards.ts';
import { mayBeShared } from '../outside/shared-members.ts';
import type { CallSite, Condition, FileSites, Fn, Node, Site } from '../syntax/scope.ts';
import { guessedOf, originsOf } from '../values/flow.ts';
import {
  type Edge,
  type FnSummary,
  type GivenPart,
  type GivenPatch,
  type Handed,
  type LocalBehavior,
  type ModuleLoad,
  maxDoubts,
} from './file-summary.ts';

/** A finding before its guards are known; guards are costly, and most edges lead to nothing worth guarding. */
interface Conditioned<T> {
  draft: T;
  readonly condition: Condition | undefined;
  /** Of code that stands there as text: those within it. */
  readonly inner?: readonly Guard[];
}

type BehaviorDraft = Conditioned<Omit<LocalBehavior, 'guards'>>;

interface EdgeDraft extends Conditioned<Omit<Edge, 'guards'>> {
  /** The call, where its arguments are those of what it enters. */
  readonly call: CallSite | undefined;
}

interface FnDraft {
  readonly name: string;
  readonly behaviors: BehaviorDraft[];
  readonly edges: EdgeDraft[];
  readonly given: (Omit<GivenPatch, 'behavior'> & { readonly behavior: BehaviorDraft })[];
  readonly loads: Conditioned<Omit<ModuleLoad, 'guards'>>[];
}

/** What was seen at a site. */
export interface Seen {
  readonly kind: LocalBehavior['kind'];
  readonly api: string;
  readonly detail?: string | undefined;
  readonly origins?: number;
  readonly marks?: readonly Mark[];
  readonly carries?: readonly Carried[];
}

/** When a function is entered: at once, surely but after its caller has gone on, only when something happens, or only if one of
 * several functions of a name is meant, or one of the file's where the language has the same. */
export type When = 'now' | 'later' | 'perhaps' | 'oneOf' | 'guessed';

export type HandedLister = (call: CallSite, isTaken: (index: number) => boolean) => readonly Handed[];

export type NodeSite = Site & { readonly node: Node };

export class SummaryDraft {
  readonly #text: string;
  readonly #fns: readonly FnDraft[];
  #lineStarts: number[] | undefined;

  constructor(fns: readonly Fn[], text: string) {
    this.#text = text;
    this.#fns = fns.map(({ name }) => ({ name, behaviors: [], edges: [], given: [], loads: [] }));
  }

  add(site: NodeSite, seen: Seen): void {
    this.#fns[site.fn.id]?.behaviors.push(this.#draft(site, seen));
  }

  /** A member of what a function is given is written. */
  addGiven(site: NodeSite, { marks, ...patch }: Omit<GivenPatch, 'behavior'> & Pick<Seen, 'marks'>): void {
    const behavior = this.#draft(site, { kind: 'global-patch', api: patch.member, ...(marks && { marks }) });
    this.#fns[site.fn.id]?.given.push({ ...patch, behavior });
  }

  #draft(site: NodeSite, seen: Seen): BehaviorDraft {
    const marks: Mark[] = [...(seen.marks ?? [])];
    if (site.condition !== undefined || site.handling) marks.push('conditional');
    const { kind, api, detail, carries } = seen;
    const line = this.lineOf(site.node.start ?? 0);
    const guessed = guessedOf(seen.origins ?? 0);
    return {
      draft: {
        ...{ kind, api, detail, origins: originsOf(seen.origins ?? 0), marks, line },
        ...(guessed.length === 0 ? {} : { guessed }),
        ...(carries === undefined ? {} : { carries }),
      },
      condition: site.condition,
    };
  }

  /** Whether an ordinary act of a page is worth telling depends on the tests over it, which callers may add: see `module-graph`. */
  addPageChange(site: NodeSite, api: string): void {
    this.add(site, { kind: 'page-change', api });
  }

  /** What code does that stands at a site as text. */
  addNested(site: NodeSite, fns: readonly FnSummary[]): void {
    const line = this.lineOf(site.node.start ?? 0);
    const guards = findGuardsOnTheWay(fns);
    fns.forEach((fn, index) => {
      for (const { guards: own, ...behavior } of fn.behaviors) {
        const inner = [...(guards.get(index) ?? []), ...own];
        this.#fns[site.fn.id]?.behaviors.push({ draft: { ...behavior, line }, condition: site.condition, inner });
      }
    });
    for (const { guards: _, ...load } of fns.flatMap((fn) => fn.loads))
      this.#fns[site.fn.id]?.loads.push({ draft: load, condition: site.condition });
  }

  /** By a declaration: before anything else runs, and under no test. */
  addImport(specifier: string, offset: number): void {
    const draft = { specifier, line: this.lineOf(offset), conditional: false, caught: false };
    this.#fns[0]?.loads.push({ draft, condition: undefined });
  }

  addLoad({ fn, node, condition, tried, handling }: NodeSite, specifier: string): void {
    const line = this.lineOf(node.start ?? 0);
    const draft = { specifier, line, conditional: condition !== undefined || handling, caught: tried };
    this.#fns[fn.id]?.loads.push({ draft, condition });
  }

  /** By calling it with what stands in the call. */
  enter(site: CallSite, fn: Fn, when: When = 'now'): void {
    if (fn !== site.fn) this.edge(site, { fn: fn.id }, { when, call: site });
  }

  /** A call that may mean another function. */
  doubt(from: number, call: Node, to: number): void {
    for (const edge of this.#fns[from]?.edges ?? [])
      if (edge.call?.node === call && 'fn' in edge.draft.to && edge.draft.to.fn === to)
        edge.draft = { ...edge.draft, conditional: true, doubts: edge.draft.doubts ?? 1 };
  }

  /** By handing it to somebody who calls it. */
  enterCallback(site: NodeSite, fn: Fn, when: When): void {
    if (fn !== site.fn) this.edge(site, { fn: fn.id }, { when });
  }

  edge(site: NodeSite, to: Edge['to'], { when, call }: { readonly when: When; readonly call?: CallSite }): void {
    const draft = {
      to,
      conditional: site.condition !== undefined || site.handling || (when !== 'now' && when !== 'later'),
      deferred: when !== 'now',
      caught: site.tried && when === 'now',
      ...(when === 'guessed' || when === 'oneOf' ? { doubts: when === 'oneOf' ? 1 : maxDoubts } : {}),
    };
    this.#fns[site.fn.id]?.edges.push({ draft, condition: site.condition, call });
  }

  /** For functions that run without a call, as far as they do something. */
  enterImplicitly(sites: FileSites): void {
    if (sites.implicit.length === 0 && !this.#text.includes('defineProperty')) return;
    const acting = this.#fnsThatAct();
    for (const { from, to } of findImplicitCalls(sites, (fn) => acting.has(fn.id))) {
      // Told by names alone: it may be another object that is read.
      const draft = { to: { fn: to.id }, conditional: true, deferred: false, caught: false };
      this.#fns[from.id]?.edges.push({ draft, condition: undefined, call: undefined });
    }
  }

  lineOf(offset: number): number {
    this.#lineStarts ??= findLineStarts(this.#text);
    let [low, high] = [0, this.#lineStarts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Guards for every behavior, and for those edges that lead to one.
   * @param listHanded What a call hands to what it calls, at the places asked for.
   */
  finish(guards: GuardFinder, listHanded: HandedLister): FnSummary[] {
    const handed = this.#findHanded(listHanded);
    // Most functions write to what they are given, and no shared object has such a member.
    const received = new Set([...handed].flatMap(([{ draft }]) => ('fn' in draft.to ? draft.to.fn : [])));
    const isHanded = ({ part, member, memberAt }: Omit<GivenPatch, 'behavior'>): boolean =>
      received.has(part.fn) || (part.index >= 0 && (memberAt !== undefined || mayBeShared(member)));
    const leading = this.#fnsThatAct(handed);
    const finish = <T>(
      { draft, condition, inner = [] }: Conditioned<T>,
      needed: boolean,
    ): T & { readonly guards: readonly Guard[] } => ({
      ...draft,
      guards: needed ? [...guards.find(condition), ...inner] : [],
    });
    return this.#fns.map(({ name, behaviors, edges, loads, given }) => ({
      name,
      loads: loads.map((one) => finish(one, true)),
      behaviors: behaviors.map((one) => finish(one, true)),
      edges: edges.map((one) => {
        const passed = handed.get(one);
        const edge = finish(one, passed !== undefined || !('fn' in one.draft.to) || leading.has(one.draft.to.fn));
        return passed === undefined ? edge : { ...edge, handed: passed };
      }),
      ...(given.some(isHanded) && {
        givenPatches: given
          .filter(isHanded)
          .map(({ behavior, ...patch }) => ({ ...patch, behavior: finish(behavior, true) })),
      }),
    }));
  }

  /** Of the calls into functions that change what they are given, or hand it on; and into other files, which may. */
  #findHanded(listHanded: HandedLister): ReadonlyMap<EdgeDraft, readonly Handed[]> {
    const found = new Map<EdgeDraft, readonly Handed[]>();
    const all = this.#fns.flatMap(({ edges }) => edges.filter(({ call }) => call !== undefined));
    const into = Map.groupBy(all, ({ draft: { to } }) => ('fn' in to ? to.fn : undefined));
    const taken = new Map<number, Set<number>>();
    const queue: number[] = [];
    const take = ({ fn, index }: GivenPart): void => {
      const known = taken.get(fn);
      if (known?.has(index) === true) return;
      if (known === undefined) taken.set(fn, new Set([index]));
      else known.add(index);
      queue.push(fn);
    };
    const look = (edges: readonly EdgeDraft[] = [], isTaken: (index: number) => boolean): void => {
      for (const edge of edges) {
        const handed = edge.call === undefined ? [] : listHanded(edge.call, isTaken);
        if (handed.length > 0) found.set(edge, handed);
        for (const one of handed) if ('from' in one) take(one.from);
      }
    };
    for (const { given } of this.#fns)
      for (const { part, memberAt } of given) {
        take(part);
        if (memberAt !== undefined) take({ ...part, index: memberAt });
      }
    look(into.get(undefined), () => true);
    for (let fn = queue.pop(); fn !== undefined; fn = queue.pop()) {
      const indices = taken.get(fn);
      look(into.get(fn), (index) => indices?.has(index) === true);
    }
    return found;
  }

  /** Functions that do something worth telling, or lead to one that does, or into another file. */
  #fnsThatAct(handed: ReadonlyMap<EdgeDraft, readonly Handed[]> = new Map()): Set<number> {
    const callers = new Map<number, number[]>();
    const acting = new Set<number>();
    const queue: number[] = [];
    const add = (fn: number): void => {
      if (acting.has(fn)) return;
      acting.add(fn);
      queue.push(fn);
    };
    this.#fns.forEach(({ behaviors, edges }, fn) => {
      if (behaviors.some(({ draft }) => draft.kind !== 'file-read' && draft.api !== 'throw')) add(fn);
      for (const edge of edges) {
        const { draft } = edge;
        if (!('fn' in draft.to) || handed.get(edge)?.some((one) => 'name' in one) === true) add(fn);
        else {
          const known = callers.get(draft.to.fn);
          if (known === undefined) callers.set(draft.to.fn, [fn]);
          else known.push(fn);
        }
      }
    });
    for (let fn = queue.pop(); fn !== undefined; fn = queue.pop())
      for (const caller of callers.get(fn) ?? []) add(caller);
    return acting;
  }
}

/** The tests that stand between the beginning of a text and each of its functions, by the first way to it. */
function findGuardsOnTheWay(fns: readonly FnSummary[]): ReadonlyMap<number, readonly Guard[]> {
  const found = new Map<number, readonly Guard[]>([[0, []]]);
  for (const [index, guards] of found) {
    for (const { to, guards: own } of fns[index]?.edges ?? []) {
      if ('fn' in to && !found.has(to.fn)) found.set(to.fn, [...guards, ...own]);
    }
  }
  return found;
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
