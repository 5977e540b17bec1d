/**
 * defineRule() is all that a rule sees besides the model. A rule says what it needs, and gets exactly that:
 * reading a fact that is not in `needs` or `wants` does not compile.
 */
import type { Behavior } from './model/behavior.ts';
import type { Change, FactName, Facts, Subject } from './model/change.ts';
import type { Fact } from './model/fact.ts';
import type { Evidence, Level, Place } from './model/finding.ts';
import type { ProjectChange } from './model/lock-change.ts';
import type { LockNode } from './model/lock-tree.ts';
import type { OptionValue } from './model/policy.ts';

export type RuleFamily = 'pin' | 'select' | 'code' | 'release';

/** A real event, or a paper, that the rule answers. */
export interface Incident {
  readonly what: string;
  /** `2022-01-08`, or as much of it as is known. */
  readonly when: string;
  readonly url: string;
}

/** A rule's option: its default, and what it means, with the unit. */
export interface RuleOption<Value extends OptionValue = OptionValue> {
  readonly default: Value;
  readonly about: string;
}

/** Path to contents. An object is written as JSON; each character of a string above U+007F as UTF-8. */
export type SourceTree = Readonly<Record<string, string | Readonly<Record<string, unknown>> | Uint8Array>>;

/**
 * A small package before and after, from which the tests build a real change with the real analysis.
 * `package.json` gets a name and a version where it has none.
 */
export interface Example {
  readonly title: string;
  readonly name?: string;
  /** Defaults: 1.0.0 and 1.0.1. */
  readonly from?: string;
  readonly to?: string;
  /** Absent: the package is new to the tree. */
  readonly before?: SourceTree;
  readonly after: SourceTree;
  /** The tarballs that added dependencies resolve to, by name. */
  readonly dependencies?: Readonly<Record<string, SourceTree>>;
  /** Facts that no tarball tells; each replaces what the tests would assume. */
  readonly facts?: { readonly [Name in FactName]?: Fact<Facts[Name]> };
  /** Defaults to 2026-01-01T00:00:00Z. */
  readonly asOf?: string;
}

interface Expecting {
  /** Exactly what `check` returns, in its order; for a lockfile, of all its changes after one another. */
  readonly expect: readonly [Evidence, ...Evidence[]];
}

export type FlaggedExample = (Example | LockExample) & Expecting;

/**
 * A project and its lockfile before and after, from which the tests write a real lockfile and make its changes.
 * `registry` lists what is published, in one line each: `a@1.2.0 2022-01-08: c@^1 d@2 ?e@1 peer:f@^2` (date and
 * dependencies may be left out; `?` is optional).
 */
export interface LockExample {
  readonly title: string;
  readonly registry: readonly string[];
  /** Absent: the project had no lockfile. */
  readonly before?: LockExampleState;
  readonly after: LockExampleState;
  /** Facts that no lockfile tells, by package name; each replaces what the tests would assume. */
  readonly facts?: Readonly<Record<string, { readonly [Name in FactName]?: Fact<Facts[Name]> }>>;
  /** Defaults to 2026-01-01T00:00:00Z. */
  readonly asOf?: string;
}

export function isLockExample(example: Example | LockExample): example is LockExample {
  return 'registry' in example;
}

export interface LockExampleState {
  /** What package.json asks for: `a@^1 dev:b@2 c@npm:d@^3`. */
  readonly asks: string;
  /** Copies in the tree: `a@1.2.0 c@1.0.0 a/c@2.0.0` puts a second `c` below `a`. */
  readonly tree: string;
  /** More of the root's package.json: `overrides`, `allowScripts`, `private` … */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** What entries of the lockfile say instead, by location; a key that is null is left out of the entry, an entry that is null is not there. */
  readonly entries?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  /** Other files of the project: `.npmrc`, `sluice.json`. */
  readonly files?: Readonly<Record<string, string>>;
}

type NonEmpty<T> = readonly [T, ...T[]];

export interface RuleText {
  /** Equals the file's name; says what is seen; reads well after "allow". Never reused. */
  readonly id: string;
  readonly family: RuleFamily;
  readonly title: string;
  /** Why it matters. */
  readonly rationale: string;
  /** What to do now. */
  readonly remedy: string;
  /** Default level of plain evidence; `off` for a rule that a policy has to switch on. */
  readonly level: Level;
  readonly incidents: NonEmpty<Incident>;
  readonly flags: NonEmpty<FlaggedExample>;
  /** The nearest innocent look-alikes: no evidence at all. */
  readonly passes: NonEmpty<Example | LockExample>;
  /**
   * Whether the rule also looks at an added dependency, "as if it replaced nothing".
   * No for what only a comparison can say: with nothing before, everything would be new.
   */
  readonly appliesToAdditions: boolean;
}

export type RuleView<Needs extends FactName, Wants extends FactName> = {
  readonly subject: Subject;
  /** ISO 8601. */
  readonly asOf: string;
  readonly cooldownDays: number;
} & { readonly [Name in Needs]: Facts[Name] } & { readonly [Name in Wants]: Fact<Facts[Name]> };

type OptionTable = Readonly<Record<string, RuleOption>>;
type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: Widened<Options[Name]['default']>;
};
type Widened<T> = T extends number ? number : T extends boolean ? boolean : T extends string ? string : T;

export interface RuleDefinition<
  Needs extends FactName,
  Wants extends FactName,
  Kind extends string,
  Options extends OptionTable,
> extends RuleText {
  /** Without one of these the rule is unchecked. */
  readonly needs: NonEmpty<Needs>;
  /** Read where known; a gap is said where not. */
  readonly wants?: readonly Wants[];
  /** What evidence can be besides plain, and its default level. */
  readonly kinds?: Readonly<Record<Kind, { readonly level: Exclude<Level, 'off'>; readonly about: string }>>;
  readonly options?: Options;
  /** Pure and synchronous; an empty list when there is nothing to say. */
  check(
    change: RuleView<Needs, Exclude<Wants, Needs>>,
    options: OptionValues<Options>,
  ): readonly Evidence<NoInfer<Kind>>[];
}

/** A rule as the engine sees it: the types of its facts are checked where it is defined, and gone here. */
export interface Rule extends RuleText {
  readonly needs: readonly FactName[];
  readonly wants: readonly FactName[];
  readonly kinds: Readonly<Record<string, { readonly level: Exclude<Level, 'off'>; readonly about: string }>>;
  readonly options: OptionTable;
  check(
    change: Change,
    settings: { readonly cooldownDays: number; readonly options: Readonly<Record<string, OptionValue>> },
  ): readonly Evidence[];
}

export function defineRule<
  const Needs extends FactName,
  const Wants extends FactName = never,
  const Kind extends string = never,
  const Options extends OptionTable = Readonly<Record<never, RuleOption>>,
>(definition: RuleDefinition<Needs, Wants, Kind, Options>): Rule {
  const { needs, wants = [], kinds, options, check, ...text } = definition;
  const optionTable: OptionTable = options ?? {};
  return {
    ...text,
    needs,
    wants,
    kinds: kinds ?? {},
    options: optionTable,
    check(change, settings) {
      const facts: Record<string, unknown> = {};
      for (const name of wants) facts[name] = change.facts[name];
      for (const name of needs) {
        const fact = change.facts[name];
        if (!fact.known) throw new Error(`${text.id} was asked without ${name}: the engine must report it unchecked`);
        facts[name] = fact.value;
      }
      const view = { subject: change.subject, asOf: change.asOf, cooldownDays: settings.cooldownDays, ...facts };
      const values = { ...defaultsOf(optionTable), ...settings.options };
      // Safe: `view` was filled from `needs` and `wants` just above, and the policy's parser checked option types.
      return check(view as never, values as never);
    },
  };
}

export function defaultsOf(options: OptionTable): Readonly<Record<string, OptionValue>> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
}

/** Facts without which the rule is unchecked. */
export function findMissingNeeds(rule: Rule, change: Change): readonly FactName[] {
  return rule.needs.filter((name) => !change.facts[name].known);
}

/** A place in a file of the new version. */
export function atFile(path: string, line?: number): Place {
  return line === undefined ? { in: 'tarball', path } : { in: 'tarball', path, line };
}

/** A place in the new version's package.json, as a JSON pointer made of unescaped keys. */
export function atManifest(...keys: readonly string[]): Place {
  return { in: 'tarball', path: 'package.json', pointer: toPointer(keys) };
}

/** A place in the registry's packument. */
export function atRegistry(...keys: readonly string[]): Place {
  return { in: 'registry', pointer: toPointer(keys) };
}

/** A place in the lockfile: an entry, or one of its keys. */
export function atEntry(project: ProjectChange, node: LockNode, ...keys: readonly string[]): Place {
  const pointer = toPointer([...findEntryKeys(project, node), ...keys]);
  return { in: 'lockfile', path: project.lockfile, line: node.line, pointer };
}

/** A place in another file of the project, such as the package.json of a workspace. */
export function atProjectFile(project: ProjectChange, path: string, ...keys: readonly string[]): Place {
  const folder = project.lockfile.slice(0, project.lockfile.lastIndexOf('/') + 1);
  const place: Place = { in: 'lockfile', path: `${folder}${path}` };
  return keys.length === 0 ? place : { ...place, pointer: toPointer(keys) };
}

/** Who asks, in a sentence: `a@1.2.0`, the project, one of its workspaces. */
export function nameAsker({ location, name, version }: LockNode): string {
  if (location === '') return 'the project';
  if (!location.includes('node_modules/')) return `the workspace ${shorten(location)}`;
  return `${shorten(name)}@${shorten(version ?? 'no version')}`;
}

/** Version 1 nests its entries as the folders are nested. */
function findEntryKeys({ after }: ProjectChange, { location }: LockNode): readonly string[] {
  if (after.tree?.version !== 1) return ['packages', location];
  return location
    .split(/(?:^|\/)node_modules\//)
    .filter((part) => part !== '')
    .flatMap((name) => ['dependencies', name]);
}

/** RFC 6901. */
function toPointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Evidence for one behavior: where it stands and how it is reached. */
export function evidenceOf<Kind extends string>(behavior: Behavior, message: string, kind?: Kind): Evidence<Kind> {
  const at = atFile(behavior.path, behavior.line);
  return kind === undefined ? { message, at, via: behavior.via } : { kind, message, at, via: behavior.via };
}

/** Foreign text for a message: on one line, and short enough to read. */
export function shorten(text: string, maxLength = 80): string {
  const line = text
    .slice(0, maxLength * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}

/** `2.3 MB`: decimal units, as npm prints them. */
export function describeBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
