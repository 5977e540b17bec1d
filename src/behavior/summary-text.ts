/** A file's summary as text, for those who keep it. Read back by the very same analysis only: its parts have no version of their own. */
import type { ExportSummary, FileSummary } from './file-summary.ts';

/** Maps and sets are lists in it. */
type Written = Omit<FileSummary, 'exports'> & {
  readonly exports: readonly [
    fns: readonly (readonly [string, readonly number[]])[],
    names: readonly string[],
    from: ExportSummary['from'],
    complete: boolean,
  ];
};

export function renderSummary({ exports: { fns, names, from, complete }, ...summary }: FileSummary): string {
  const written: Written = { ...summary, exports: [[...fns], [...names], from, complete] };
  return JSON.stringify(written);
}

/** Throws where it is no summary. */
export function parseSummary(text: string): FileSummary {
  const written: unknown = JSON.parse(text);
  if (!isWritten(written)) throw new TypeError('the text is no summary of a file');
  const { exports, failure, unread, ...rest } = written;
  const [fns, names, from, complete] = exports;
  return { ...rest, exports: { fns: new Map(fns), names: new Set(names), from, complete }, failure, unread };
}

/** As far as a text can be foreign that has the analysis's own digest on it: what is walked through is there. */
function isWritten(value: unknown): value is Written {
  if (!isObject(value) || !Array.isArray(value['fns']) || !value['fns'].every(isFunction)) return false;
  const { exports } = value;
  if (!Array.isArray(exports) || exports.length !== 4) return false;
  const [fns, names, from, complete] = exports;
  const lists = [fns, names, from].every(Array.isArray);
  return lists && fns.every(isExported) && typeof complete === 'boolean';
}

function isFunction(value: unknown): boolean {
  return isObject(value) && [value['behaviors'], value['edges'], value['loads']].every(isObjects);
}

function isExported(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]);
}

function isObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
