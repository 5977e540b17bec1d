/**
 * A verdict as one JSON object: the contract of docs/verdict.schema.json. Every key is always there; what is not known
 * is null. The text is plain to look at too: what a terminal or a CI runner would obey is written as `\u…`.
 */
import type { Exemption, Finding, Place } from '../model/finding.ts';
import type { Coverage, Verdict } from '../model/verdict.ts';

export function renderJson(verdict: Verdict): string {
  return `${escapeJson(JSON.stringify(toDocument(verdict), null, 2))}\n`;
}

function toDocument(verdict: Verdict): unknown {
  const { subject, exemptions } = verdict;
  return {
    result: verdict.result,
    id: verdict.id,
    subject: {
      name: subject.name,
      from: subject.from ?? null,
      to: subject.to,
      integrity: { from: subject.integrity.from ?? null, to: subject.integrity.to ?? null },
      source: subject.source,
    },
    findings: verdict.findings.map(toFinding),
    coverage: toCoverage(verdict.coverage),
    exemptions: {
      unused: exemptions.unused.map(toExemption),
      expired: exemptions.expired.map(toExemption),
    },
    engine: verdict.engine,
    rules: verdict.rules,
    policy: verdict.policy,
    asOf: verdict.asOf,
  };
}

function toFinding(finding: Finding): unknown {
  return {
    rule: finding.rule,
    level: finding.level,
    kind: finding.kind ?? null,
    package: { name: finding.package.name, version: finding.package.version },
    message: finding.message,
    at: toPlace(finding.at),
    via: finding.via,
    excerpt: finding.excerpt.map(({ line, text }) => ({ line, text })),
    why: finding.why,
    remedy: finding.remedy,
    target: finding.target ?? null,
    exemption: finding.exemption === undefined ? null : toExemption(finding.exemption),
  };
}

function toPlace({ in: where, side, path, line, pointer }: Place): unknown {
  return { in: where, side: side ?? 'after', path: path ?? null, line: line ?? null, pointer: pointer ?? null };
}

function toCoverage({ applicable, checked, unchecked, gaps }: Coverage): unknown {
  return {
    applicable,
    checked,
    unchecked: unchecked.map((entry) => ({
      rule: entry.rule,
      package: entry.package,
      facts: entry.facts,
      failure: entry.failure ?? null,
    })),
    gaps: gaps.map(({ fact, package: name, why, detail, required }) => ({
      fact,
      package: name,
      why,
      detail,
      required,
    })),
  };
}

function toExemption({ package: name, rule, reason, expires, by }: Exemption): unknown {
  return { package: name, rule, reason, expires, by: by ?? null };
}

/** Same value, other spelling: such characters can only stand inside strings, where JSON allows the escape. */
function escapeJson(json: string): string {
  return json.replace(unseen, escapeUnits).replaceAll('##[', '#\\u0023[').replaceAll('::', ':\\u003a');
}

/** All but the line feeds between the lines of the document. */
const unseen = /[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
