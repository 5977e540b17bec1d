/** A verdict as one JSON object: the contract of docs/verdict.schema.json. */
import type { Verdict } from '../model/verdict.ts';
import { escapeJson, toCoverage, toExemption, toFinding } from './json-document.ts';

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
