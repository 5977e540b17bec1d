/** The answer about a whole change of a lockfile: what the lockfile says, and what each changed package does. */
import type { EntryChange } from './lock-change.ts';
import type { Conclusion, Verdict } from './verdict.ts';

export interface CheckVerdict {
  /** The worst of the lockfile's verdict and of all its packages'. */
  readonly result: Conclusion;
  /** Hash of the lockfile's verdict and of those of its packages. */
  readonly id: string;
  /** Path of the lockfile from the root of the repository. */
  readonly lockfile: string;
  /** The project's own name, where its package.json has one. */
  readonly project: string | undefined;
  /** What it was compared with, for a person: `main (merge base 1a2b3c4)`, `old-lock.json`; undefined for the whole tree. */
  readonly base: string | undefined;
  /** Findings of the pin and select rules, about the project and about its packages. */
  readonly lock: Verdict;
  /** Changed and added packages, worst first. */
  readonly packages: readonly CheckedPackage[];
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  /** Set when the lockfile alone blocks: then no registry was asked, and no tarball read. */
  readonly stopped: boolean;
  /** How many packages of the tree are as they were. */
  readonly unchanged: number;
  /** The smallest edit of the lockfile that removes the selection findings; undefined when there are none, or nothing can. */
  readonly patch: LockPatch | undefined;
}

export interface CheckedPackage {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly kind: EntryChange['kind'];
  readonly direct: boolean;
  /** From the project down to it. */
  readonly why: readonly string[];
  readonly locations: readonly string[];
  /** 1-based line of its first entry in the lockfile. */
  readonly line: number;
  /** ISO 8601; undefined when the registry does not say. */
  readonly publishedAt: string | undefined;
  /** The verdict of `sluice diff` on the same pair. Undefined where its tarball was not read. */
  readonly release: Verdict | undefined;
  /** Why there is none. */
  readonly unread: 'blocked-before' | 'not-from-registry' | 'unchanged-bytes' | undefined;
}

export interface LockPatch {
  /** The lockfile with the patch in it. */
  readonly text: string;
  /** As `diff -u` writes it. */
  readonly diff: string;
  readonly takes: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Whether a version that it puts in asks for something that npm has to place: `sluice fix` lets npm do that. */
  readonly needsNpm: boolean;
  /** Selection findings that no edit of the lockfile alone can remove, each with the reason. */
  readonly left: readonly string[];
}
