/**
 * A file's summary as text, for those who keep it. Read back by the very same analysis only: its parts have no version of their
 * own.
 */
import type { Edge, ExportSummary, FileSummary, FnSummary } from './file-summary.ts';

/**
 * Maps and sets are lists in it. Most functions do nothing that is told, and are their names; most edges lead to a function of
 * the file, and are numbers: that makes a tenth of it.
 */
interface WrittenSummary extends Omit<FileSummary, 'fns' | 'exports'> {
  readonly fns: readonly (WrittenFn | string)[];
  readonly exports: readonly [
    fns: readonly (readonly [string, readonly number[]])[],
    names: readonly string[],
    from: ExportSummary['from'],
    complete: boolean,
  ];
}

interface WrittenFn extends Omit<FnSummary, 'edges'> {
  readonly edges: readonly (Edge | number)[];
}

export function renderSummary({ exports: { fns, names, from, complete }, ...summary }: FileSummary): string {
  const written: WrittenSummary = {
    ...summary,
    fns: summary.fns.map(shortenFn),
    exports: [[...fns], [...names], from, complete],
  };
  return JSON.stringify(written);
}

/** Throws where it is no summary. */
export function parseSummary(text: string): FileSummary {
  const written: unknown = JSON.parse(text);
  if (!isWritten(written)) throw new TypeError('the text is no summary of a file');
  const { exports, failure, unread, ...rest } = written;
  const [fns, names, from, complete] = exports;
  return {
    ...rest,
    fns: rest.fns.map(lengthenFn),
    exports: { fns: new Map(fns), names: new Set(names), from, complete },
    failure,
    unread,
  };
}

/** Whatever says more than these is written in full. */
const fnKeys = 4;
const edgeKeys = 5;

function shortenFn(fn: FnSummary): WrittenFn | string {
  const { name, behaviors, edges, loads } = fn;
  const isIdle = behaviors.length + edges.length + loads.length === 0 && Object.keys(fn).length === fnKeys;
  return isIdle ? name : { ...fn, edges: edges.map(shortenEdge) };
}

function lengthenFn(fn: WrittenFn | string): FnSummary {
  if (typeof fn === 'string') return { name: fn, behaviors: [], edges: [], loads: [] };
  return { ...fn, edges: fn.edges.map(lengthenEdge) };
}

function shortenEdge(edge: Edge): Edge | number {
  const { to, guards, conditional, deferred, caught } = edge;
  if (!('fn' in to) || guards.length > 0 || Object.keys(edge).length !== edgeKeys) return edge;
  return (to.fn << 3) + Number(conditional) * 4 + Number(deferred) * 2 + Number(caught);
}

function lengthenEdge(edge: Edge | number): Edge {
  if (typeof edge !== 'number') return edge;
  const has = (bit: number): boolean => (edge & bit) !== 0;
  return { to: { fn: edge >> 3 }, guards: [], conditional: has(4), deferred: has(2), caught: has(1) };
}

/** As far as a text can be foreign that has the analysis's own digest on it: what is walked through is there. */
function isWritten(value: unknown): value is WrittenSummary {
  if (!isObject(value) || !Array.isArray(value['fns']) || !value['fns'].every(isFunction)) return false;
  const { exports } = value;
  if (!Array.isArray(exports) || exports.length !== 4) return false;
  const [fns, names, from, complete] = exports;
  const lists = [fns, names, from].every(Array.isArray);
  return lists && fns.every(isExported) && typeof complete === 'boolean';
}

function isFunction(value: unknown): boolean {
  if (!isObject(value)) return typeof value === 'string';
  const { behaviors, edges, loads } = value;
  return isList(behaviors, isObject) && isList(loads, isObject) && isList(edges, isEdge);
}

function isEdge(value: unknown): boolean {
  return Number.isSafeInteger(value) || isObject(value);
}

function isExported(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]);
}

function isList(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isEntry);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
