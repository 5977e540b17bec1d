/** Where verdicts are remembered for the next run; nowhere, where the user wants that. */
import { homedir } from 'node:os';
import { GuardError } from '../errors.ts';
import type { FactStore } from '../model/fact-store.ts';
import { createMemoryStore } from '../model/fact-store.ts';
import { say } from './terminal.ts';

export interface ClosableStore extends FactStore {
  readonly close: () => Promise<void>;
}

/** A store that cannot be used costs time and no answer: that is said once, and nothing is remembered. */
export async function openUsersStore(isUsed: boolean): Promise<ClosableStore> {
  const forgetful = { ...createMemoryStore(), close: async (): Promise<void> => {} };
  if (!isUsed) return forgetful;
  // Behind it is a native module, loaded only by those who want to remember.
  const { findStorePath } = await import('../store/find-store-path.ts');
  const { openStore } = await import('../store/open-store.ts');
  const { platform, env } = process;
  try {
    return await openStore(findStorePath({ platform, env, home: homedir() }), { warn: say });
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    say(`${error.message} ${error.hint} This run remembers nothing.`);
    return forgetful;
  }
}
