/** A check's findings as SARIF results: one for each rule and package, at the package's line in the lockfile. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Finding } from '../model/finding.ts';
import { shorten } from '../rule.ts';
import { type CheckBlock, tellPackage } from './check-blocks.ts';
import type { CheckSections, PackageSection } from './check-sections.ts';
import { describeStep, findTarget } from './check-words.ts';
import { escapeSarif, toPurl, toUri } from './escape-sarif.ts';
import { type FindingGroup, findPath, groupFindings, namePlace } from './verdict-words.ts';

export interface SarifResult {
  readonly ruleId: string;
  readonly level: SarifLevel;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly {
    readonly kind: 'external';
    readonly status: 'accepted';
    readonly justification: string;
  }[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export type SarifLevel = 'error' | 'warning' | 'note';

interface SarifLocation {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: '%SRCROOT%' };
    readonly region: { readonly startLine: number };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string; readonly kind: 'package' }[];
}

export const sarifLevel: Readonly<Record<Finding['level'], SarifLevel>> = {
  notice: 'note',
  review: 'warning',
  block: 'error',
};

/** GitHub shows no more. */
const maxRelated = 100;
const maxExcerptLines = 20;
const maxWords = 200;

/** Worst first, those that an exemption silences last within their level. */
export function listResults(check: CheckVerdict, { project, packages }: CheckSections): readonly SarifResult[] {
  const blocks = [
    ...project.findings.map((finding) => blockOf([finding], undefined, check)),
    ...packages.flatMap((section) => [
      blockOf(
        section.findings.filter(({ exemption }) => exemption === undefined),
        section,
        check,
      ),
      blockOf(
        section.findings.filter(({ exemption }) => exemption !== undefined),
        section,
        check,
      ),
    ]),
  ];
  const told = blocks.flatMap((block) => block.groups.map((group) => ({ ...block, group })));
  const rank = ({ group }: { readonly group: FindingGroup }): number => sarifRank[sarifLevel[group.first.level]];
  const counts = new Map<string, number>();
  return told
    .toSorted((left, right) => rank(right) - rank(left))
    .map((one) => {
      const fingerprint = identify(one, check);
      const count = (counts.get(fingerprint) ?? 0) + 1;
      counts.set(fingerprint, count);
      return { ...toResult(one, check), partialFingerprints: { 'sluice/v1': `${fingerprint}:${count}` } };
    });
}

const sarifRank: Readonly<Record<SarifLevel, number>> = { note: 1, warning: 2, error: 3 };

type ToldGroup = Omit<CheckBlock, 'groups'> & { readonly group: FindingGroup };

function blockOf(findings: readonly Finding[], section: PackageSection | undefined, check: CheckVerdict): CheckBlock {
  const told = section === undefined ? check.lock : tellPackage(section, check);
  return { section, told, groups: groupFindings(findings) };
}

/** The same finding in the next run: lines move and words change, the package and the rule stay. */
function identify({ section, group }: ToldGroup, { lockfile }: CheckVerdict): string {
  const { rule, kind, package: about, message } = group.first;
  const subject =
    section === undefined ? `${toUri(lockfile)} ${shorten(message, maxWords)}` : toPurl(about.name, about.version);
  return [subject, rule, ...(kind === undefined ? [] : [kind])].map(escapeSarif).join(' ');
}

function toResult(one: ToldGroup, check: CheckVerdict): Omit<SarifResult, 'partialFingerprints'> {
  const { section, told, group } = one;
  const { first, others } = group;
  const related = others.filter(({ at }) => at.in === 'lockfile').slice(0, maxRelated);
  const { exemption, excerpt, package: about } = first;
  return {
    ruleId: first.rule,
    level: sarifLevel[first.level],
    message: { text: describe(one, check) },
    locations: [locate(first, one, check)],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((finding, at) => ({ id: at + 1, ...locate(finding, one, check) })) }),
    ...(exemption === undefined
      ? {}
      : {
          suppressions: [{ kind: 'external', status: 'accepted', justification: escapeSarif(exemption.reason) }],
        }),
    properties: {
      ...(section === undefined ? {} : { purl: toPurl(about.name, about.version) }),
      place: escapeSarif(namePlace(first, told)),
      excerpt: excerpt
        .slice(0, maxExcerptLines)
        .map(({ line, text }) => `${line}: ${escapeSarif(shorten(text, maxWords))}`),
      verdictId: section?.checked.release?.id ?? check.lock.id,
    },
  };
}

/** GitHub shows the first sentence as the alert's title. */
function describe({ section, told, group }: ToldGroup, check: CheckVerdict): string {
  const { first, others } = group;
  const { name, version } = first.package;
  const subject =
    section === undefined
      ? (check.project ?? 'the project')
      : `${section.checked.name} ${describeStep(section.checked, check)}`;
  const isAlong = section !== undefined && (name !== section.checked.name || version !== section.checked.to);
  const path = findPath(first, told);
  const target = section === undefined ? undefined : findTarget(section, check);
  const more = others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? 'place' : 'places'}`;
  const sentences = [
    `${subject}: ${isAlong ? `its added dependency ${name}@${version}: ` : ''}${first.message}`,
    `Where: ${namePlace(first, told)}${more}`,
    path.length === 0 ? '' : `Reached by: ${path.join(' → ')}`,
    section === undefined ? '' : `Through: ${section.checked.why.join(' → ')}`,
    `Why it matters: ${first.why}`,
    `What to do: ${first.remedy}`,
    target === undefined ? '' : `Take ${target} instead`,
  ];
  return sentences
    .filter((sentence) => sentence !== '')
    .map((sentence) => escapeSarif(sentence).replace(/[.]?$/, '.'))
    .join('\n');
}

/** What a tarball shows is located where the lockfile names the package: the repository has no other line about it. */
function locate({ at }: Finding, { section, told }: ToldGroup, check: CheckVerdict): SarifLocation {
  const isHere = at.in === 'lockfile' && at.path !== undefined;
  const path = isHere ? at.path : check.lockfile;
  const startLine = isHere ? at.line : section?.checked.line;
  const { name, to } = told.subject;
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(path ?? check.lockfile), uriBaseId: '%SRCROOT%' },
      region: { startLine: startLine ?? 1 },
    },
    ...(section === undefined
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: escapeSarif(`${name}@${to}`), kind: 'package' as const }] }),
  };
}
