/** A change is one package before and after, with everything that is known about it. The engine judges nothing else. */
import type { BehaviorComparison, ModuleComparison } from './behavior.ts';
import { type Fact, missing } from './fact.ts';
import type { FileComparison } from './file-comparison.ts';
import type {
  AdvisoryMatches,
  EntryChange,
  ProjectChange,
  PublishedRelease,
  TarballAnswer,
  TestedVersion,
  VersionBounds,
} from './lock-change.ts';
import type { DependencyField, Manifest } from './manifest.ts';
import type { ProvenanceComparison, PublisherComparison, SignatureRecord } from './release-origin.ts';

/** What a verdict is about. `from` and `integrity.from` are absent when the package replaces nothing. */
export interface Subject {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
  /** SRI strings (`sha512-…`) of the very bytes that were read. Undefined where there were none to read. */
  readonly integrity: { readonly from: string | undefined; readonly to: string | undefined };
  /** `lockfile`: a package as a lockfile names it; its digests are the lockfile's. `project`: the lockfile itself. */
  readonly source: 'registry' | 'local' | 'lockfile' | 'project';
}

export interface ManifestComparison {
  readonly before: Manifest | undefined;
  readonly after: Manifest;
}

/** One tarball's digests: what was claimed, by whom, and what the bytes say. */
export interface IntegrityRecord {
  readonly side: 'before' | 'after';
  /** `registry`: dist.integrity (or shasum). `caller`: given by lockfile or command line. `memory`: what was read here before. */
  readonly claimedBy: 'registry' | 'caller' | 'memory';
  readonly claimed: string;
  readonly actual: string;
  readonly matches: boolean;
  /** ISO 8601 instant; of what was read before. */
  readonly firstReadAt?: string;
}

export interface VersionHistory {
  /** Every published version, in semver order, loose spellings as the registry holds them. */
  readonly versions: readonly string[];
  /** Tag to version: `latest`, `next` … */
  readonly distTags: Readonly<Record<string, string>>;
}

/** ISO 8601 instants by version. Only plausible ones: a mirror's date of ingestion makes the fact missing. */
export type PublishTimes = ReadonlyMap<string, string>;

/** A dependency that the new version names and the old one did not, or names in another kind of source. */
export interface AddedDependency {
  /** The key in the manifest; an alias where the spec is `npm:other@1`. */
  readonly name: string;
  readonly spec: string;
  readonly field: DependencyField;
  readonly source: 'registry' | 'git' | 'remote' | 'file';
  /** Undefined when the old version did not have it at all. */
  readonly specBefore: string | undefined;
  /** Set when its tarball could be read. */
  readonly release: Fact<DependencyRelease>;
}

export interface DependencyRelease {
  readonly name: string;
  readonly version: string;
  /** Lifecycle events it has a script for. */
  readonly installEvents: readonly string[];
  /** ISO 8601 instant. */
  readonly publishedAt: Fact<string>;
}

/** Every fact a rule may need, by name. */
export interface Facts {
  readonly files: FileComparison;
  /** From inside the tarballs. */
  readonly manifests: ManifestComparison;
  readonly modules: ModuleComparison;
  readonly behaviors: BehaviorComparison;
  readonly integrity: readonly IntegrityRecord[];
  /** The new version's manifest as the registry's packument gives it. */
  readonly registryManifest: Manifest;
  readonly versions: VersionHistory;
  readonly publishTimes: PublishTimes;
  /** Every signature of the new version that could be checked: never empty. */
  readonly signatures: readonly SignatureRecord[];
  readonly provenance: ProvenanceComparison;
  readonly publishers: PublisherComparison;
  readonly addedDependencies: readonly AddedDependency[];
  /** The change of the lockfile as a whole. */
  readonly project: ProjectChange;
  /** One package of the lockfile. */
  readonly entry: EntryChange;
  /** What the registry has for it. */
  readonly published: PublishedRelease;
  readonly bounds: VersionBounds;
  readonly tested: TestedVersion;
  readonly advisories: AdvisoryMatches;
  /** The registry's deprecation message of the new version; null when it is not deprecated. */
  readonly deprecation: string | null;
  /** What the comparison of its tarballs said. */
  readonly tarballAnswer: TarballAnswer;
}

export type FactName = keyof Facts;

/**
 * Facts that every registry can serve are required: without one the verdict is undecided.
 * What mirrors leave out is optional: its rules are unchecked, and the verdict stands with the gap said.
 */
export const factStanding: Readonly<Record<FactName, 'required' | 'optional'>> = {
  files: 'required',
  manifests: 'required',
  modules: 'required',
  behaviors: 'required',
  integrity: 'required',
  registryManifest: 'required',
  versions: 'required',
  publishTimes: 'optional',
  signatures: 'optional',
  provenance: 'optional',
  publishers: 'optional',
  addedDependencies: 'required',
  project: 'required',
  entry: 'required',
  published: 'required',
  bounds: 'required',
  tested: 'optional',
  advisories: 'optional',
  deprecation: 'optional',
  tarballAnswer: 'required',
};

/** What a person calls each fact, in "not known here: …". */
export const factTitle: Readonly<Record<FactName, string>> = {
  files: 'files of both tarballs',
  manifests: 'package.json of both tarballs',
  modules: 'module graph',
  behaviors: 'behavior of the code',
  integrity: 'integrity of both tarballs',
  registryManifest: 'manifest at the registry',
  versions: 'list of versions',
  publishTimes: 'publish times',
  signatures: 'signatures',
  provenance: 'provenance',
  publishers: 'publisher',
  addedDependencies: 'added dependencies',
  project: 'the project and its lockfile',
  entry: 'entry in the lockfile',
  published: 'release at the registry',
  bounds: 'lowest versions',
  tested: 'tested version',
  advisories: 'advisories',
  deprecation: 'deprecation',
  tarballAnswer: 'comparison of the tarballs',
};

/** Facts that only a lockfile gives rise to. */
export type LockFactName =
  | 'project'
  | 'entry'
  | 'published'
  | 'bounds'
  | 'tested'
  | 'advisories'
  | 'deprecation'
  | 'tarballAnswer';

export type ChangeFacts = { readonly [Name in FactName]: Fact<Facts[Name]> };

export interface Change {
  readonly subject: Subject;
  /** ISO 8601 instant at which the question is asked: no rule reads a clock. */
  readonly asOf: string;
  readonly facts: ChangeFacts;
}

const noLockfile = missing('not-applicable', 'The question is about tarballs, not about a lockfile.');

/** For a change of tarballs alone. */
export const withoutLockFacts: Pick<ChangeFacts, LockFactName> = {
  project: noLockfile,
  entry: noLockfile,
  published: noLockfile,
  bounds: noLockfile,
  tested: noLockfile,
  advisories: noLockfile,
  deprecation: noLockfile,
  tarballAnswer: noLockfile,
};

const noTarballs = missing('not-applicable', 'The question is about a lockfile; its tarballs are compared one by one.');

/** For a change as a lockfile shows it: what its tarballs do has a verdict of its own. */
export const withoutReleaseFacts: Omit<ChangeFacts, LockFactName> = {
  files: noTarballs,
  manifests: noTarballs,
  modules: noTarballs,
  behaviors: noTarballs,
  integrity: noTarballs,
  registryManifest: noTarballs,
  versions: noTarballs,
  publishTimes: noTarballs,
  signatures: noTarballs,
  provenance: noTarballs,
  publishers: noTarballs,
  addedDependencies: noTarballs,
};
