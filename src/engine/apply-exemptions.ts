/** What the team decided to let pass, for a reason and until a day. An exemption silences findings, never gaps. */
import type { Change } from '../model/change.ts';
import type { Exemption, Finding } from '../model/finding.ts';

export interface ExemptedFindings {
  readonly findings: readonly Finding[];
  /** In force, but nothing was there to silence. */
  readonly unused: readonly Exemption[];
  readonly expired: readonly Exemption[];
}

export function applyExemptions(
  findings: readonly Finding[],
  changes: readonly [Change, ...Change[]],
  exemptions: readonly Exemption[],
): ExemptedFindings {
  const today = dayOf(changes[0].asOf);
  const expired = exemptions.filter((exemption) => exemption.expires < today);
  const inForce = exemptions.filter((exemption) => exemption.expires >= today);
  const used = new Set<Exemption>();
  const exempted = findings.map((finding) => {
    const names = namesOf(finding, changes);
    const exemption = inForce.find((entry) => entry.rule === finding.rule && names.has(entry.package));
    if (exemption === undefined) return finding;
    used.add(exemption);
    return { ...finding, exemption };
  });
  return { findings: exempted, unused: inForce.filter((exemption) => !used.has(exemption)), expired };
}

/** The day in UTC: an exemption ends at the same moment for everybody. */
function dayOf(asOf: string): string {
  const instant = new Date(asOf);
  if (Number.isNaN(instant.getTime())) throw new Error(`asOf is no ISO 8601 instant: ${asOf}`);
  return instant.toISOString().slice(0, 10);
}

/** All that an exemption may call the package that the finding is about. */
function namesOf(finding: Finding, changes: readonly Change[]): ReadonlySet<string> {
  const { name, version } = finding.package;
  const names = new Set([name, `${name}@${version}`]);
  for (const { subject } of changes) {
    if (subject.name !== name || subject.to !== version) continue;
    for (const digest of subject.integrity.to?.split(/\s+/) ?? []) names.add(digest);
  }
  return names;
}
