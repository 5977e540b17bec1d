/**
 * What Sluice remembers between runs, in a database. Opening says clearly why a database cannot be used;
 * from then on a failure is said once, and the store does as if it remembered nothing.
 */
import type { FactStore } from '../model/fact-store.ts';
import type { Database } from './database.ts';
import { findApprovals } from './found-approvals.ts';
import type { Migration } from './migration.ts';
import { openDatabase } from './open-database.ts';
import { explainFailure } from './sqlite.ts';
import { findBehaviors, pruneBehaviors, saveBehaviors } from './stored-behaviors.ts';
import { findCheck, saveCheck } from './stored-checks.ts';
import { findPackument, savePackument } from './stored-packuments.ts';
import { findRelease, saveRelease } from './stored-releases.ts';
import { findVerdict, saveVerdict } from './stored-verdicts.ts';

export interface OpenStore extends FactStore {
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Told, once each, that nothing more is kept or nothing more is found, and why. */
  readonly warn?: (sentence: string) => void;
  /** How long to wait for another process that writes. */
  readonly waitMs?: number;
  /** What files do is kept up to so much. */
  readonly maxBehaviorBytes?: number;
  readonly migrations?: readonly Migration[];
}

const defaultWaitMs = 5_000;

/** Throws a GuardError where the file cannot be used, `store-newer` where a newer Sluice wrote it. */
export async function openStore(path: string, options: StoreOptions = {}): Promise<OpenStore> {
  const { waitMs = defaultWaitMs, migrations } = options;
  return rememberIn(await openDatabase(path, { waitMs, migrations }), options);
}

function rememberIn(database: Database, { warn = () => {}, maxBehaviorBytes: maxBytes }: StoreOptions): OpenStore {
  const { about: path } = database;
  let grew = false;
  const works = { find: true, save: true };
  /** Who asks computes the answer anew: slower, and just as right. */
  const attempt = async <T>(verb: 'find' | 'save', work: () => Promise<T>): Promise<T | undefined> => {
    if (!works[verb]) return undefined;
    try {
      return await work();
    } catch (cause) {
      const about =
        verb === 'find'
          ? `The store ${path} cannot be read any more, and is left alone`
          : `Nothing new is kept in the store ${path}`;
      warn(`${about}: ${explainFailure(cause)}.`);
      // A disk that is full can still be read.
      works.save = false;
      if (verb === 'find') works.find = false;
      return undefined;
    }
  };
  return {
    findVerdict: (key) => attempt('find', () => findVerdict(database, key)),
    saveVerdict: (key, verdict) => attempt('save', () => saveVerdict(database, key, verdict)),
    findPackument: (source) => attempt('find', () => findPackument(database, source)),
    findApprovals: async (policy) => (await attempt('find', () => findApprovals(database, policy))) ?? [],
    savePackument: (source, packument) => attempt('save', () => savePackument(database, source, packument)),
    findRelease: (source) => attempt('find', () => findRelease(database, source)),
    saveRelease: (source, release) => attempt('save', () => saveRelease(database, source, release)),
    behaviors: {
      find: async (analysis, contents) =>
        (await attempt('find', () => findBehaviors(database, analysis, contents))) ?? [],
      save: (analysis, news) => {
        grew ||= news.read.length > 0;
        return attempt('save', () => saveBehaviors(database, analysis, news));
      },
    },
    checks: {
      find: (key) => attempt('find', () => findCheck(database, key)),
      save: (key, news) => attempt('save', () => saveCheck(database, key, news)),
    },
    close: async () => {
      // Whoever has added something sees to it that there is room.
      if (grew) await attempt('save', () => pruneAll(database, maxBytes));
      await database.close();
    },
  };
}

async function pruneAll(database: Database, maxBytes: number | undefined): Promise<void> {
  while (await pruneBehaviors(database, maxBytes));
}
