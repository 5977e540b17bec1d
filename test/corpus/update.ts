/** What a case of the corpus is: an update as data, either an imitation of a real incident or its innocent twin. */
import type { Incident, SourceTree } from '../../src/rule.ts';

/** One package before and after, and what else the registry holds. */
export interface Update {
  readonly title: string;
  readonly name: string;
  /** Defaults: 1.4.0 and 1.4.1. */
  readonly from?: string;
  readonly to?: string;
  readonly before: SourceTree;
  readonly after: SourceTree;
  /** Packages that the new version depends on; each manifest gives its version, 1.0.0 without one. */
  readonly dependencies?: Readonly<Record<string, SourceTree>>;
  /** What the registry says about the new version, where that differs from the tarball. */
  readonly served?: {
    readonly manifest?: Readonly<Record<string, unknown>>;
    readonly dist?: Readonly<Record<string, unknown>>;
  };
}

/** One finding that the verdict must hold. */
export interface Sighting {
  readonly rule: string;
  readonly kind?: string;
  /** The added dependency it is about; absent: the package itself. */
  readonly of?: string;
  /** Absent: the registry's packument. */
  readonly path?: string;
  /** Part of the one line it points at. */
  readonly on?: string;
  /** JSON pointer. */
  readonly pointer?: string;
}

/** Where the code stands that the variants rewrite. */
export interface Payload {
  /** The added dependency that holds it; absent: the package itself. */
  readonly of?: string;
  readonly path: string;
  /** Whole lines of CommonJS as they stand in that file. */
  readonly code: string;
}

export interface Imitation extends Update {
  readonly incident: Incident;
  readonly atLeast: 'allow' | 'review' | 'block';
  /** May be empty only where something is owed. */
  readonly seen: readonly Sighting[];
  /** Rules that are still to be written, and the level they will bring. Until then the verdict stays below it. */
  readonly owed?: { readonly level: 'review' | 'block'; readonly rules: readonly string[] };
  /** Absent where the attack is in no JavaScript, or its form is the point. */
  readonly payload?: Payload;
}

export interface CorpusCase {
  readonly imitations: readonly [Imitation, ...Imitation[]];
  /** The nearest honest changes to the same package. */
  readonly twins: readonly [Update, ...Update[]];
}
