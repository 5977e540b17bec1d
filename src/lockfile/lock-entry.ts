/** One entry of a lockfile, whatever the version of the format: shapes checked, meaning not yet. Attacker-controlled. */
import type { LockedManifest, LockFlags } from '../model/lock-tree.ts';

export type Specs = Readonly<Record<string, string>>;

/** What an entry asks for, as its edges are built from it. */
export interface Asked {
  readonly dependencies: Specs | undefined;
  readonly devDependencies: Specs | undefined;
  readonly optionalDependencies: Specs | undefined;
  readonly peerDependencies: Specs | undefined;
  /** Names of peers that may be absent. */
  readonly optionalPeers: readonly string[];
}

export const nothingAsked: Asked = {
  dependencies: undefined,
  devDependencies: undefined,
  optionalDependencies: undefined,
  peerDependencies: undefined,
  optionalPeers: [],
};

export interface LockEntry {
  readonly location: string;
  /** Where the file has it, for its line: differs from the location below a link of version 1. */
  readonly place: string;
  /** Only where it differs from what the location says. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  readonly isLink: boolean;
  readonly flags: LockFlags;
  readonly manifest: LockedManifest;
  /** Differs from `manifest` in version 1, whose `requires` does not say what is optional. */
  readonly asked: Asked;
  /** Specs that npm takes besides, by name. */
  readonly accepted: Specs | undefined;
  /** Names of dependencies that come out of its own tarball. */
  readonly bundles: readonly string[];
  /** Version 1 marks what is bundled there, and not in its bundler. */
  readonly isMarkedBundled: boolean;
}
