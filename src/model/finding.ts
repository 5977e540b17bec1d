/** Evidence is what a rule saw and where. A finding is evidence with what the rule's text and the policy make of it. */

export type Level = 'off' | 'notice' | 'review' | 'block';

export const levelRank: Readonly<Record<Level, number>> = { off: 0, notice: 1, review: 2, block: 3 };

/** Where something was seen. A place in a tarball has a path; one in a registry's packument only a pointer. */
export interface Place {
  readonly in: 'tarball' | 'registry' | 'lockfile';
  /** Set when the old version shows it: what is gone now. */
  readonly side?: 'before';
  /** Path inside the package; of the lockfile or another file of the project, from the root of the repository. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number;
  /** JSON pointer, in a JSON document. */
  readonly pointer?: string;
}

export interface Evidence<Kind extends string = string> {
  /** One of the rule's own `kinds`, when what was seen is more than the plain case. */
  readonly kind?: Kind;
  /** One sentence, without the package's name: what was seen. Foreign text stands in it raw; reports escape it. */
  readonly message: string;
  readonly at: Place;
  /** How it is reached, from the manifest's field down. */
  readonly via?: readonly string[];
  /** The version to take instead. */
  readonly target?: string;
}

/** A line of the file that evidence points at. */
export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
}

export interface Exemption {
  /** A package's name, `name@version`, or the SRI digest of a tarball. */
  readonly package: string;
  readonly rule: string;
  readonly reason: string;
  /** ISO 8601 date (`2026-03-31`): the exemption ends with that day, UTC. */
  readonly expires: string;
  readonly by?: string | undefined;
}

export interface Finding {
  readonly rule: string;
  readonly kind: string | undefined;
  readonly level: Exclude<Level, 'off'>;
  /** Set when the finding is about an added dependency, not the subject itself. */
  readonly package: { readonly name: string; readonly version: string };
  readonly message: string;
  readonly at: Place;
  readonly via: readonly string[];
  /** The added lines, cut to what a person reads. Filled where `at` names a line of a text file. */
  readonly excerpt: readonly ExcerptLine[];
  readonly why: string;
  readonly remedy: string;
  /** The version to take instead, where the rule can tell one. */
  readonly target: string | undefined;
  /** The exemption that silences it; then it does not count for the verdict. */
  readonly exemption: Exemption | undefined;
}
