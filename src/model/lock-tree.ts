/**
 * A lockfile as npm understands it: nodes are physical copies, edges are who asks for them.
 * Built by `lockfile/`, which alone knows the formats. Names, specs and URLs in it are attacker-controlled.
 */

export type DependencyType = 'prod' | 'dev' | 'optional' | 'peer' | 'peerOptional' | 'workspace';

/** Where a node's contents come from. `bundled`: out of the tarball of a package above it. */
export type LockSource = 'root' | 'workspace' | 'link' | 'registry' | 'git' | 'remote' | 'file' | 'bundled';

export interface LockTree {
  /** As the project calls the file: `package-lock.json`, `web/npm-shrinkwrap.json`. */
  readonly path: string;
  readonly version: 1 | 2 | 3;
  readonly root: LockNode;
  /** By location, in the order of the file; the root is among them. */
  readonly nodes: ReadonlyMap<string, LockNode>;
  /** Where the half of the file that only npm 6 reads says something else than the half that is read here. */
  readonly disagreements: readonly LockDisagreement[];
}

/** One location, as `packages` (npm 7 and later) and `dependencies` (npm 6) have it. Undefined: not there. */
export interface LockDisagreement {
  readonly location: string;
  readonly field: 'entry' | 'version' | 'resolved' | 'integrity';
  readonly packages: string | undefined;
  readonly dependencies: string | undefined;
  /** 1-based line of the entry in `dependencies`, or in `packages` where it is only there. */
  readonly line: number;
}

export interface LockNode {
  /** npm's path in the tree: '' for the root, `node_modules/a/node_modules/b`, `packages/web`. */
  readonly location: string;
  /** The package's own name: the entry's `name` where it has one (an alias), else what its location says. */
  readonly name: string;
  /** The name under which it is required: the last part of its location. Differs from `name` for an alias. */
  readonly key: string;
  readonly version: string | undefined;
  readonly source: LockSource;
  /** As written; relative paths for links and files. */
  readonly resolved: string | undefined;
  /** SRI string, as written. */
  readonly integrity: string | undefined;
  readonly flags: LockFlags;
  /** What the entry repeats of the package's manifest. */
  readonly manifest: LockedManifest;
  /** A link's target. */
  readonly target: LockNode | undefined;
  /** 1-based line of the entry in the lockfile. */
  readonly line: number;
  readonly edgesOut: readonly LockEdge[];
  readonly edgesIn: readonly LockEdge[];
  /** On the shortest way from the project down to it, the last edge. Undefined for the root, and for what nothing asks for. */
  readonly way: LockEdge | undefined;
}

export interface LockFlags {
  readonly dev: boolean;
  readonly optional: boolean;
  readonly devOptional: boolean;
  readonly peer: boolean;
  /** Undefined in version 1, which does not say. */
  readonly hasInstallScript: boolean | undefined;
  readonly hasShrinkwrap: boolean;
}

/** Undefined fields are not in the entry; version 1 has only `requires`, which stands in `dependencies`. */
export interface LockedManifest {
  readonly dependencies: Readonly<Record<string, string>> | undefined;
  readonly optionalDependencies: Readonly<Record<string, string>> | undefined;
  readonly peerDependencies: Readonly<Record<string, string>> | undefined;
  /** Names that `peerDependenciesMeta` marks as optional. */
  readonly optionalPeers: readonly string[];
  /** Only the root and workspaces have them. */
  readonly devDependencies: Readonly<Record<string, string>> | undefined;
  /** Only the root has them: patterns of folders. */
  readonly workspaces: readonly string[] | undefined;
  readonly bin: Readonly<Record<string, string>> | undefined;
  readonly os: readonly string[] | undefined;
  readonly cpu: readonly string[] | undefined;
  /** A registry's deprecation message, as npm copied it. */
  readonly deprecated: string | undefined;
}

export interface LockEdge {
  readonly from: LockNode;
  /** Undefined when nothing in the tree answers it. */
  readonly to: LockNode | undefined;
  /** The name asked for: an alias where the spec is `npm:other@1`. */
  readonly name: string;
  /** The spec in force: an override's, where one applies. */
  readonly spec: string;
  /** The spec as the manifest has it. */
  readonly declaredSpec: string;
  readonly type: DependencyType;
  /** Set when an override of the root's manifest put `spec` in place of `declaredSpec`. */
  readonly overridden: boolean;
  /** An optional edge without a node is no problem. */
  readonly problem: 'missing' | 'invalid' | undefined;
}

/** A package.json of the project itself: the root's, or a workspace's. */
export interface ProjectManifest {
  /** Folder relative to the lockfile's; '' for the root. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly isPrivate: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly optionalPeers: readonly string[];
  /** As written, npm's nested form. */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly workspaces: readonly string[];
  /** npm's list of packages whose install scripts may run: `name` or `name@version` to yes or no. */
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
