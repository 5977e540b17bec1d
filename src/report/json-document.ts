/**
 * The parts that every JSON report shares. Every key is always there; what is not known is null. The text is plain to
 * look at too: what a terminal or a CI runner would obey is written as `\u…`.
 */
import type { Exemption, Finding, Place } from '../model/finding.ts';
import type { Coverage } from '../model/verdict.ts';

export function toFinding(finding: Finding): unknown {
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

export function toCoverage({ applicable, checked, unchecked, gaps }: Coverage): unknown {
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

export function toExemption({ package: name, rule, reason, expires, by }: Exemption): unknown {
  return { package: name, rule, reason, expires, by: by ?? null };
}

/** Same value, other spelling: such characters can only stand inside strings, where JSON allows the escape. */
export function escapeJson(json: string): string {
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
