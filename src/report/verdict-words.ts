/** The sentences that every written report shares, as raw text: each target escapes them on its way out. */
import type { FactName, Subject } from '../model/change.ts';
import { factTitle } from '../model/change.ts';
import type { MissingReason } from '../model/fact.ts';
import type { Finding, Place } from '../model/finding.ts';
import type { Conclusion, Coverage, Gap, Verdict } from '../model/verdict.ts';

/** What findings are told about: a verdict, or one package of a check. */
export interface Told {
  readonly subject: Pick<Subject, 'name' | 'from' | 'to'>;
  /** What a heading has said already: a finding that stands or is reached there does not repeat it. */
  readonly heading?: { readonly why: readonly string[]; readonly place: string };
}

/** `left-pad 1.2.0 → 1.3.0`; two different packages are both named. */
export function nameSubject({ subject }: Told): string {
  return subject.from === undefined
    ? `${subject.name} ${subject.to} (new)`
    : `${subject.name} ${subject.from} → ${subject.to}`;
}

/** `31 of 34 rules checked; not known here: publish times`. Said in the first lines of every report. */
export function describeCoverage(verdict: Verdict): string {
  const { checked, applicable } = verdict.coverage;
  const rules =
    checked === applicable ? `all ${applicable} rules checked` : `${checked} of ${applicable} rules checked`;
  const unknown = nameGaps(verdict);
  return unknown === '' ? rules : `${rules}; not known here: ${unknown}`;
}

const contentFacts: readonly FactName[] = ['files', 'manifests', 'modules', 'behaviors'];

/** Gaps of the package itself by their titles; those of added dependencies after the package's name. */
function nameGaps({ coverage, subject }: Verdict): string {
  const byPackage = Map.groupBy(coverage.gaps, (gap) => gap.package);
  return [...byPackage]
    .map(([name, gaps]) => {
      const titles = nameFacts(gaps.map((gap) => gap.fact));
      return isSubject(name, subject) ? titles : `${name} (${titles})`;
    })
    .join('; ');
}

/** Without the tarballs nothing that stands in them is known: one title is enough. */
export function nameFacts(facts: readonly FactName[]): string {
  const isUnread = contentFacts.every((fact) => facts.includes(fact));
  const rest = isUnread ? facts.filter((fact) => !contentFacts.includes(fact)) : facts;
  const titles = [...new Set(rest.map((fact) => factTitle[fact]))];
  return (isUnread ? ['contents of both tarballs', ...titles] : titles).join(', ');
}

function isSubject(name: string, subject: Told['subject']): boolean {
  return name === subject.name || name === `${subject.name}@${subject.to}`;
}

/** Gaps and broken rules that make the verdict undecided, one sentence each. */
export function explainUndecided(coverage: Coverage): readonly string[] {
  const gaps = new Map<string, Gap>();
  for (const gap of coverage.gaps) if (gap.required) gaps.set(`${gap.package}\n${gap.why}\n${gap.detail}`, gap);
  const failures = coverage.unchecked.filter((rule) => rule.failure !== undefined);
  return [
    ...[...gaps.values()].map((gap) => `${gap.package}: ${gap.detail}`),
    ...failures.map(
      (rule) => `${rule.package}: the rule ${rule.rule} failed (${rule.failure}). This is a bug in Sluice.`,
    ),
  ];
}

export interface FindingGroup {
  /** The one that is shown in full. */
  readonly first: Finding;
  readonly others: readonly Finding[];
  /** The package of which was said already why it matters and what to do. */
  readonly saidOf?: string;
}

/** Findings of one rule and kind about one package stand together, in the verdict's order. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, { first: Finding; others: Finding[] }>();
  for (const finding of findings) {
    const key = JSON.stringify([
      finding.level,
      finding.rule,
      finding.kind,
      finding.package.name,
      finding.package.version,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, others: [] });
    else group.others.push(finding);
  }
  return [...groups.values()];
}

/** `lib/index.js:12`, `package.json /scripts/postinstall`, `registry /versions/1.0.1`. */
export function namePlace(finding: Finding, { subject }: Told): string {
  const at: Place = finding.at;
  const document = at.path ?? (at.in === 'registry' ? 'registry' : at.in === 'lockfile' ? 'lockfile' : 'package');
  const line = at.line === undefined ? '' : `:${at.line}`;
  // In a lockfile the line is enough: the pointer repeats the entry's whole location.
  const isPlain = at.pointer === undefined || at.pointer === '' || (at.in === 'lockfile' && at.line !== undefined);
  const pointer = isPlain ? '' : ` ${at.pointer}`;
  const side = at.side === 'before' && subject.from !== undefined ? ` (in ${subject.from})` : '';
  return `${document}${line}${pointer}${side}`;
}

/** How it is reached; empty when the heading has said it. */
export function findPath({ via }: Finding, { heading }: Told): readonly string[] {
  return heading !== undefined && via.join('\n') === heading.why.join('\n') ? [] : via;
}

/** Set when the finding is about a package that came along. */
export function nameOrigin(finding: Finding, { subject }: Told): string | undefined {
  const { name, version } = finding.package;
  return name === subject.name && version === subject.to ? undefined : `in the added dependency ${name}@${version}`;
}

export function nameRule(finding: Finding): string {
  return finding.kind === undefined ? finding.rule : `${finding.rule} (${finding.kind})`;
}

/** What a person writes into the policy once they have looked and found nothing wrong. */
export function exampleExemption(finding: Finding): string {
  const { name, version } = finding.package;
  const about = version === '' ? name : `${name}@${version}`;
  const exemption = { package: about, rule: finding.rule, reason: '…', expires: 'YYYY-MM-DD' };
  return JSON.stringify(exemption, null, 1).replace(/\n\s*/g, ' ');
}

/** What a policy let pass, and which of its exemptions had no use. */
export function describeExemptions(findings: readonly Finding[], exemptions: Verdict['exemptions']): readonly string[] {
  const exempted = findings.flatMap(({ rule, package: about, message, exemption }) =>
    exemption === undefined
      ? []
      : [`exempted until ${exemption.expires}: ${rule} of ${about.name}: ${message} (${exemption.reason})`],
  );
  const { unused, expired } = exemptions;
  return [
    ...exempted,
    ...expired.map((entry) => `expired on ${entry.expires}: the exemption of ${entry.package} from ${entry.rule}`),
    ...unused.map((entry) => `unused: the exemption of ${entry.package} from ${entry.rule}`),
  ];
}

/** Findings that weigh in the verdict, and mere notices; exempted ones are neither. */
export function splitFindings(findings: readonly Finding[]): {
  readonly weighty: readonly Finding[];
  readonly notices: readonly Finding[];
} {
  const isNotice = ({ level, exemption }: Finding): boolean => exemption === undefined && level === 'notice';
  return { weighty: findings.filter(isWeighty), notices: findings.filter(isNotice) };
}

export function isWeighty({ level, exemption }: Finding): boolean {
  return exemption === undefined && level !== 'notice';
}

/** What to do now, in one or a few sentences. Empty for allow. */
export function adviseNext(result: Conclusion, { gaps }: Coverage, what: 'update' | 'change' = 'update'): string {
  if (result === 'allow') return '';
  if (result === 'block') return `Do not take this ${what}.`;
  if (result === 'review') return `A person should look at the findings before this ${what} is taken.`;
  const reasons = new Set(gaps.flatMap((gap) => (gap.required ? [gap.why] : [])));
  const advice = [...reasons].map((why) => remedyFor[why]).filter((sentence) => sentence !== '');
  return ['This is not an approval.', ...advice, 'Then ask again.'].join(' ');
}

const remedyFor: Readonly<Record<MissingReason, string>> = {
  'not-found': 'Check that .npmrc names the right registry: this one does not have everything that is asked for.',
  unreachable: 'Check the network, the proxy and the registry in .npmrc.',
  'rate-limited': 'The registry asks for patience: wait a few minutes.',
  unauthorized: 'Log in with `npm login`, or put a token for this registry or scope into .npmrc.',
  offline: 'Run the same command once without --offline, to fill the cache.',
  malformed: 'Somebody published what cannot be read, or the registry garbled it: do not take it as it is.',
  'too-large': 'Look at what was not read by other means, or take a smaller step.',
  'integrity-mismatch': 'Do not take these bytes: they are not the ones that were promised.',
  'not-served': 'Ask a registry that has the field, or take it out of "require" in sluice.json.',
  'not-consulted': 'Compare the published versions instead of local files, or take the fact out of "require".',
  'not-applicable': 'Take the fact out of "require": this question has no such thing.',
};
