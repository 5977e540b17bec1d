/** What a change of a lockfile says of the project, and of each package in it. */
import type { LockEdge, LockNode, LockTree, ProjectManifest } from './lock-tree.ts';
import type { Conclusion } from './verdict.ts';

export interface ProjectState {
  /** Undefined when there is no lockfile. */
  readonly tree: LockTree | undefined;
  /** By folder; the root's is ''. */
  readonly manifests: ReadonlyMap<string, ProjectManifest>;
}

/** A file by which a project guards itself, and which this change edits. */
export interface GateEdit {
  readonly path: string;
  readonly gate: 'policy' | 'workflow' | 'npmrc' | 'allow-scripts' | 'package-manager';
  /** What of it was edited, for a person: `added ignore-scripts=false`. */
  readonly what: string;
  /** 1-based, in the new file; undefined when it is gone. */
  readonly line: number | undefined;
}

export interface ProjectChange {
  /** Path of the lockfile from the root of the repository. */
  readonly lockfile: string;
  /** Undefined when the project is new, or is looked at without a base. */
  readonly before: ProjectState | undefined;
  readonly after: ProjectState;
  readonly gateEdits: readonly GateEdit[];
  /** Hosts of the registries that npm's configuration names. */
  readonly registryHosts: readonly string[];
}

/** One package of the tree: the copies of one name at one version, and those of the base that they stand for. */
export interface EntryChange {
  /**
   * `rewritten`: the same version, but its entry says something else. `kept`: nothing changed; asked for by `--all`.
   */
  readonly kind: 'added' | 'updated' | 'downgraded' | 'rewritten' | 'kept';
  /** The base's copies at the version that is replaced; empty when the package is new to the tree. */
  readonly before: readonly LockNode[];
  readonly after: readonly LockNode[];
  /** Every version of that name in the base. */
  readonly baseVersions: readonly string[];
  /** Whether the project itself names it: the root or a workspace. */
  readonly direct: boolean;
  /** From the project down to the package, as a person reads it: `app`, `a@1.2.0`, `c@1.0.3`. */
  readonly why: readonly string[];
  /** A base version that all edges of the new tree would still take; undefined when there is none, or it is new. */
  readonly keepable: string | undefined;
  /** Whether a manifest or override of the project that names it was changed too: somebody asked for it. */
  readonly asked: boolean;
  readonly project: ProjectChange;
}

/** What a registry has under the version that the entry names. */
export interface PublishedRelease {
  readonly name: string;
  readonly version: string;
  /** URL of the tarball, as the registry writes it. */
  readonly tarball: string | undefined;
  /** SRI strings; from `shasum` where that is all there is. */
  readonly integrity: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly optionalPeers: readonly string[];
  /** Names of dependencies that lie in its own tarball. */
  readonly bundled: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  /** Undefined when neither the registry nor the tarball said. */
  readonly hasInstallScript: boolean | undefined;
  /** Whether an npm-shrinkwrap.json lies in it, which decides what is installed below it. Undefined when the registry does not say. */
  readonly hasShrinkwrap?: boolean | undefined;
  /**
   * What else npm copies from a manifest into a lockfile, as the registry has it: `engines`, `funding`, `libc`,
   * `license`, `deprecated`, `bundleDependencies`. Undefined when nobody asked; then a patch leaves them as they were.
   */
  readonly lockFields?: Readonly<Record<string, unknown>> | undefined;
}

export interface Advisory {
  /** Its identity at the registry: a number or a GHSA id. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly severity: 'info' | 'low' | 'moderate' | 'high' | 'critical';
  readonly isMalware: boolean;
  /** Semver range. */
  readonly vulnerableVersions: string;
}

/** The advisories that hold for a package, by side. */
export interface AdvisoryMatches {
  readonly before: readonly Advisory[];
  readonly after: readonly Advisory[];
  /** The lowest version above the base's for which none of the base's advisories holds; undefined when the base has none. */
  readonly firstFixed: string | undefined;
}

/** A version, and the edge that demands it. */
export interface DemandedVersion {
  readonly version: string;
  readonly by: LockEdge;
}

/** A version's own edges and the registry's list of versions, put together: see shared words in docs/selection.md. */
export interface VersionBounds {
  /** max of lo(e); undefined when no edge demands anything. */
  readonly floor: DemandedVersion | undefined;
  /** The lowest version that satisfies all edges; undefined when none does, and when no edge demands anything. */
  readonly minimal: string | undefined;
  /** Whether the locked version is above it, and more than peers ask for the package. */
  readonly isAboveMinimal: boolean;
  /** For each edge that demands something, its lowest published version. */
  readonly lowest: readonly DemandedVersion[];
  /**
   * The nearest version that satisfies all edges and is not excluded: the lowest from the locked version on, else the
   * newest below it.
   */
  readonly lowestSafe: string | undefined;
  /** Set when every version in range is excluded: the edge that forces it, and the lowest parent that would not. */
  readonly forced: { readonly by: LockEdge; readonly parent: string | undefined } | undefined;
}

export interface TestedVersion {
  /** max of hf(e); undefined when everything is tested: an override, or a tree below a package's own shrinkwrap. */
  readonly version: string | undefined;
  readonly by: LockEdge | undefined;
  /** Set when the locked version is above both the tested one and the floor: the higher of the two, to take instead. */
  readonly instead: string | undefined;
  /** Newest version that satisfies all edges and is older than the cooldown; undefined when there is none. */
  readonly newestOldEnough: string | undefined;
}

/** What the comparison of the tarballs said. */
export interface TarballAnswer {
  readonly result: Conclusion;
  /** Rules that spoke at review or above. */
  readonly rules: readonly string[];
  readonly addsInstallScript: boolean;
}
