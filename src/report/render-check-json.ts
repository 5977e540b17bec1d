/** A check of a whole lockfile as one JSON object: the contract of docs/check.schema.json. */
import type { CheckVerdict, LockPatch } from '../model/check-verdict.ts';
import { addCoverage, addExemptions, type PackageSection, sectionCheck } from './check-sections.ts';
import { escapeJson, toCoverage, toExemption, toFinding } from './json-document.ts';

export function renderCheckJson(check: CheckVerdict): string {
  return `${escapeJson(JSON.stringify(toDocument(check), null, 2))}\n`;
}

function toDocument(check: CheckVerdict): unknown {
  const { lock } = check;
  const { findings, packages } = sectionCheck(check);
  const { unused, expired } = addExemptions(check);
  return {
    result: check.result,
    id: check.id,
    lockfile: check.lockfile,
    project: check.project ?? null,
    base: check.base ?? null,
    lockVerdict: { result: lock.result, id: lock.id },
    findings: findings.map(toFinding),
    coverage: toCoverage(addCoverage(check)),
    packages: packages.map(toPackage),
    removed: check.removed.map(({ name, version }) => ({ name, version })),
    stopped: check.stopped,
    unchanged: check.unchanged,
    patch: check.patch === undefined ? null : toPatch(check.patch),
    exemptions: { unused: unused.map(toExemption), expired: expired.map(toExemption) },
    engine: lock.engine,
    rules: lock.rules,
    policy: lock.policy,
    asOf: lock.asOf,
  };
}

function toPackage({ checked, result, heldBackBy }: PackageSection): unknown {
  const { release } = checked;
  return {
    name: checked.name,
    from: checked.from ?? null,
    to: checked.to,
    kind: checked.kind,
    direct: checked.direct,
    why: checked.why,
    locations: checked.locations,
    line: checked.line,
    publishedAt: checked.publishedAt ?? null,
    result,
    heldBackBy,
    verdictId: release?.id ?? null,
    integrity: release === undefined ? null : toIntegrity(release.subject.integrity),
    unread: checked.unread ?? null,
  };
}

function toIntegrity({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }): unknown {
  return { from: from ?? null, to: to ?? null };
}

/** Without the whole text of the new lockfile: it can be as long as lockfiles are, and the diff says what is new in it. */
function toPatch({ diff, takes, needsNpm, left }: LockPatch): unknown {
  return { diff, takes: takes.map(({ name, from, to }) => ({ name, from, to })), needsNpm, left };
}
