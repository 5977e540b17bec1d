/**
 * What files do, out of the store, where the same contents were read before by the same analysis: the old version of an update
 * was the new one of the update before, and many packages bring the same files.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { keyOf, type SummaryCache } from '../behavior/code-files.ts';
import type { FileSummary } from '../behavior/summary/file-summary.ts';
import { parseSummary, renderSummary } from '../behavior/summary/summary-text.ts';
import type { BehaviorStore } from '../model/fact-store.ts';
import type { PackageFile } from '../model/package-tree.ts';
import { nameAnalysis } from './name-analysis.ts';
import type { RememberedSummaries, SummaryMemoryOptions } from './summary-memory.ts';

const minFileBytes = 8_000;
/** Attacker-controlled: a file may do more than is worth keeping. */
const maxTextLength = 64_000_000;
const maxKeyLength = 200;

export class StoredSummaries implements RememberedSummaries {
  readonly #store: BehaviorStore;
  readonly #cache: SummaryCache;
  readonly #minBytes: number;
  readonly #analysis: () => string | undefined;
  readonly #day: string;
  readonly #read = new Map<string, PackageFile>();
  readonly #usedAgain: string[] = [];
  #asked: string | undefined;

  constructor(store: BehaviorStore, cache: SummaryCache, options: SummaryMemoryOptions) {
    const { asOf, minBytes = minFileBytes, analysis = nameAnalysis } = options;
    this.#store = store;
    this.#cache = cache;
    this.#minBytes = minBytes;
    this.#analysis = analysis;
    this.#day = asOf.slice(0, 'YYYY-MM-DD'.length);
  }

  async recall(files: readonly PackageFile[]): Promise<void> {
    const wanted = new Map<string, PackageFile>();
    for (const file of files) {
      if (file.bytes.length < this.#minBytes || this.#cache.analyzed(file) !== undefined) continue;
      const key = keyOf(file);
      if (key.length <= maxKeyLength) wanted.set(key, file);
    }
    if (wanted.size === 0) return;
    this.#asked ??= this.#analysis();
    if (this.#asked === undefined) return;
    for (const [key, file] of wanted) this.#read.set(key, file);
    for (const { contents, summary: packed, usedOn } of await this.#store.find(this.#asked, [...wanted.keys()])) {
      const [file, summary] = [wanted.get(contents), unpack(packed)];
      if (file === undefined || summary === undefined) continue;
      this.#cache.put(summary, file);
      this.#read.delete(contents);
      if (usedOn !== this.#day) this.#usedAgain.push(contents);
    }
  }

  async keep(): Promise<void> {
    const read = [...this.#read].flatMap(([contents, file]) => {
      const summary = pack(this.#cache.analyzed(file));
      return summary === undefined ? [] : [{ contents, summary }];
    });
    if (this.#asked === undefined || read.length + this.#usedAgain.length === 0) return;
    // A thread that was started since may run other code than this one.
    if (this.#analysis() !== this.#asked) return;
    await this.#store.save(this.#asked, { day: this.#day, read, usedAgain: this.#usedAgain });
  }
}

/** What was given up has no functions: how long it took, or how deep the stack was, is not the file's own. */
function pack(summary: FileSummary | undefined): Uint8Array | undefined {
  if (summary === undefined || summary.fns.length === 0) return undefined;
  const text = renderSummary(summary);
  return text.length > maxTextLength ? undefined : deflateRawSync(text, { level: 1 });
}

/** Undefined for what cannot be read: the file itself can. */
function unpack(packed: Uint8Array): FileSummary | undefined {
  try {
    return parseSummary(inflateRawSync(packed, { maxOutputLength: maxTextLength * 3 }).toString('utf8'));
  } catch {
    return undefined;
  }
}
