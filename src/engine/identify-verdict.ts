/**
 * The verdict's id names the question, not the moment: the same tarballs under the same policy, rules and engine
 * always get the same id, at every door and in whatever order the keys were written.
 */
import type { Change } from '../model/change.ts';
import type { Policy } from '../model/policy.ts';
import type { Rule } from '../rule.ts';
import { defaultsOf } from '../rule.ts';

export interface VerdictIdentity {
  readonly id: string;
  readonly rules: string;
  readonly policy: string;
}

interface Question {
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  readonly engine: string;
  readonly digest: (text: string) => string;
}

export function identifyVerdict(
  [subjectChange, ...additions]: readonly [Change, ...Change[]],
  question: Question,
): VerdictIdentity {
  const settings = identifySettings(question);
  const { digest, engine } = question;
  const subjects = {
    subject: identifySubject(subjectChange),
    additions: sortTexts(additions.map(identifySubject)),
  };
  return { id: digest(canonicalJson({ ...subjects, ...settings, engine })), ...settings };
}

/** Digests of what is the same for every question: the rule set and the policy. */
export function identifySettings({ rules, policy, digest }: Omit<Question, 'engine'>): Omit<VerdictIdentity, 'id'> {
  return {
    rules: digest(remember(rules, () => canonicalJson(sortTexts(rules.map(identifyRule))))),
    policy: identifyPolicy(policy, digest),
  };
}

export function identifyPolicy(policy: Policy, digest: Question['digest']): string {
  return digest(remember(policy, () => canonicalJson(describePolicy(policy))));
}

/** Both are values that never change, and the same for thousands of questions. */
const texts = new WeakMap<object, string>();

function remember(setting: object, write: () => string): string {
  const known = texts.get(setting);
  if (known !== undefined) return known;
  const text = write();
  texts.set(setting, text);
  return text;
}

/** JSON with sorted keys and without white space: equal values have equal texts. Keys that are undefined are left out. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const fields = entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}

function identifySubject({ subject }: Change): unknown {
  const { name, from, to, integrity } = subject;
  return { name, from, to, integrity };
}

/** What decides a verdict; a rule's code is named by the engine's version, its prose decides nothing. */
function identifyRule(rule: Rule): unknown {
  const { id, level, kinds, needs, wants, appliesToAdditions } = rule;
  const kindLevels = Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind.level]));
  const facts = { needs: needs.toSorted(), wants: wants.toSorted() };
  return { id, level, kinds: kindLevels, ...facts, options: defaultsOf(rule.options), appliesToAdditions };
}

function describePolicy({ rules, exemptions, require, cooldownDays }: Policy): unknown {
  return { rules, exemptions: sortTexts(exemptions), require: [...new Set(require)].toSorted(), cooldownDays };
}

function sortTexts<T>(values: readonly T[]): T[] {
  const written = values.map((value) => ({ value, text: canonicalJson(value) }));
  return written.toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text))).map(({ value }) => value);
}
