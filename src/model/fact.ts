/**
 * A fact is a value we know, or a value we do not know together with the reason.
 * "Not known" is neither clean nor suspicious: a rule that needs the fact is reported as unchecked.
 */

/** Why a fact is not known. A closed set: reports and the engine treat each word on purpose. */
export type MissingReason =
  /** The registry answered that there is no such thing. */
  | 'not-found'
  /** No answer: the name did not resolve, the connection failed or timed out, or the server kept failing. */
  | 'unreachable'
  | 'rate-limited'
  | 'unauthorized'
  /** `--offline`, and the cache does not hold it. */
  | 'offline'
  /** There was an answer, but it does not have the documented shape. */
  | 'malformed'
  | 'too-large'
  | 'integrity-mismatch'
  /** The registry answers, but leaves this field out (mirrors do), or fills it with an implausible value. */
  | 'not-served'
  /** Nobody asked, on purpose: two local tarballs are compared without a registry. Never makes a verdict undecided. */
  | 'not-consulted'
  /** The question has no such thing: two tarballs have no lockfile. Rules that need it do not apply. */
  | 'not-applicable';

export interface Known<T> {
  readonly known: true;
  readonly value: T;
}

export interface Missing {
  readonly known: false;
  readonly why: MissingReason;
  /** One sentence for a person: what was asked, and what came back. May hold foreign text. */
  readonly detail: string;
}

export type Fact<T> = Known<T> | Missing;

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function missing(why: MissingReason, detail: string): Missing {
  return { known: false, why, detail };
}
