/** What one file does, function by function, before it is known who reaches it. Depends on the file's text alone. */
import type { Behavior, Guard, ParseFailure, UnreadCode } from '../../model/behavior.ts';

/** A behavior without what only the package can tell: who reaches it. */
export type LocalBehavior = Pick<
  Behavior,
  'kind' | 'api' | 'detail' | 'origins' | 'guessed' | 'marks' | 'guards' | 'carries' | 'line'
>;

/** One function enters another, of this file or of another one. */
export interface Edge {
  readonly to: { readonly fn: number } | { readonly specifier: string; readonly member: string };
  readonly guards: readonly Guard[];
  readonly conditional: boolean;
  /** By a callback or timer, after the caller has gone on. */
  readonly deferred: boolean;
  /** What the function throws is caught here. */
  readonly caught: boolean;
  /** Only a method's name leads there: 1 where several functions have it, more where the language's own objects do. */
  readonly doubts?: number;
  /** What is handed to the function that others could notice if it were changed. */
  readonly handed?: readonly Handed[];
}

/** A parameter of a function, or what lies below it: `.prototype`. Number -1 is `this`. */
export interface GivenPart {
  readonly fn: number;
  readonly index: number;
  readonly path: string;
}

/** An argument, or what lies `at` a name below it: an object that everybody shares, what a function was itself given, a text. */
export type Handed = { readonly index: number; readonly at: string } & (
  | { readonly name: string }
  | { readonly from: GivenPart }
  | { readonly text: string }
);

/** A member of what a function is given is written: what that means depends on the call. */
export interface GivenPatch {
  readonly part: GivenPart;
  readonly member: string;
  /** Which argument names the member: `set(console, 'log', …)`. */
  readonly memberAt?: number;
  /** What is put there, where that is something of the outside. */
  readonly put: readonly string[];
  readonly behavior: LocalBehavior;
}

/** A way with so many is none: it does not say that importing the package leads there. */
export const maxDoubts = 2;

/** A module that a function loads while it runs. */
export interface ModuleLoad {
  /** As written. */
  readonly specifier: string;
  readonly line: number;
  readonly guards: readonly Guard[];
  readonly conditional: boolean;
  /** What the module throws is caught here. */
  readonly caught: boolean;
  /** Set where no module is loaded, but a program or script started. */
  readonly runAs?: RunAs;
}

export type ScriptLanguage = 'shell' | 'batch' | 'powershell' | 'foreign' | 'gyp';

/** How a script starts a file. It may be named from the package's root or from the script's folder. */
export interface RunAs {
  /** What reads it, where its name does not tell: `sh setup`. `npm-script`: it is no file, but a script of package.json. */
  readonly language: ScriptLanguage | 'javascript' | 'npm-script' | undefined;
  /** Certainly meant to be a file of the package; otherwise perhaps a program of the machine. */
  readonly isCertain: boolean;
}

export interface FnSummary {
  readonly name: string;
  readonly behaviors: readonly LocalBehavior[];
  readonly edges: readonly Edge[];
  readonly loads: readonly ModuleLoad[];
  readonly givenPatches?: readonly GivenPatch[];
}

export interface ExportSummary {
  /** Functions by exported name; `''` is what `module.exports` itself is. */
  readonly fns: ReadonlyMap<string, readonly number[]>;
  readonly names: ReadonlySet<string>;
  /** `member` is `*` for all of them; `name` is undefined where they keep their names. */
  readonly from: readonly { readonly name: string | undefined; readonly specifier: string; readonly member: string }[];
  /** False when names may be added in a way that the text does not tell. */
  readonly complete: boolean;
}

export interface FileSummary {
  /** Number 0 is the module itself. */
  readonly fns: readonly FnSummary[];
  readonly exports: ExportSummary;
  readonly failure: Omit<ParseFailure, 'path'> | undefined;
  readonly unread: Omit<UnreadCode, 'path'> | undefined;
  /** Files of the package, as it names them, whose texts would tell more of what it does. */
  readonly asks?: readonly string[];
}

/** A file of which nothing could be told, and why. */
export function unreadSummary(why: UnreadCode['why'], detail: string): FileSummary {
  return {
    fns: [],
    exports: { fns: new Map(), names: new Set(), from: [], complete: false },
    failure: undefined,
    unread: { why, detail },
  };
}
