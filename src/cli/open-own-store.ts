/** The user's own store of verdicts; without it a check only takes longer. */
import { createMemoryStore, type FactStore } from '../model/fact-store.ts';

export async function openOwnStore({
  isUsed,
}: {
  readonly isUsed: boolean;
  readonly warn: (sentence: string) => void;
}): Promise<FactStore> {
  if (!isUsed) return createMemoryStore();
  return createMemoryStore();
}
