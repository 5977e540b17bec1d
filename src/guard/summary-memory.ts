/** Whether what files do is remembered. What reads it out of the store is loaded with the first comparison. */
import type { SummaryCache } from '../behavior/code-files.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { PackageFile } from '../model/package-tree.ts';

export interface SummaryMemory {
  /** For one comparison. */
  begin(cache: SummaryCache): Promise<RememberedSummaries>;
}

export interface RememberedSummaries {
  /** Puts into the cache what is known of these files, which are about to be read in full. */
  recall(files: readonly PackageFile[]): Promise<void>;
  /** Once the comparison is done. */
  keep(): Promise<void>;
}

export interface SummaryMemoryOptions {
  /** ISO 8601 instant of the question. */
  readonly asOf: string;
  /** Smaller files are read again as quickly as they are found. */
  readonly minBytes?: number;
  readonly analysis?: () => string | undefined;
}

/** Undefined where nothing would be found. */
export function createSummaryMemory(
  { behaviors }: FactStore,
  options: SummaryMemoryOptions,
): SummaryMemory | undefined {
  if (behaviors === undefined) return undefined;
  const begin = async (cache: SummaryCache): Promise<RememberedSummaries> => {
    const { StoredSummaries } = await import('./stored-summaries.ts');
    return new StoredSummaries(behaviors, cache, options);
  };
  return { begin };
}
