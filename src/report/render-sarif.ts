/** A check of a whole lockfile as a SARIF 2.1.0 log, within what GitHub's code scanning takes. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Finding } from '../model/finding.ts';
import { addCoverage, sectionCheck } from './check-sections.ts';
import { describeCheckCoverage, formatCount } from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import { escapeSarif, toUri } from './escape-sarif.ts';
import { escapeJson } from './json-document.ts';
import { listResults, type SarifResult, sarifLevel } from './sarif-findings.ts';
import { explainUndecided } from './verdict-words.ts';

/** GitHub refuses more than 25,000 results in a run, and keeps the first 5,000. */
const maxResults = 5_000;
/** GitHub refuses more than 10 MB after compression: what is smaller before it is smaller after it. */
const maxBytes = 9_000_000;
const maxNotifications = 100;

export function renderSarif(check: CheckVerdict): string {
  const sections = sectionCheck(check);
  const all = listResults(check, sections);
  const results = takeWithin(all);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: describeDriver(check, sections.findings) },
        // Two lockfiles of a repository are two categories: neither closes the other's alerts.
        automationDetails: { id: `sluice/${toUri(check.lockfile)}/${check.id}` },
        invocations: [describeInvocation(check, all.length - results.length)],
        artifacts: listArtifacts(check, results),
        columnKind: 'utf16CodeUnits',
        results,
        properties: { result: check.result, verdictId: check.id, lockVerdictId: check.lock.id },
      },
    ],
  };
  return `${escapeJson(JSON.stringify(log, null, 1))}\n`;
}

function takeWithin(all: readonly SarifResult[]): readonly SarifResult[] {
  const encoder = new TextEncoder();
  const taken: SarifResult[] = [];
  let left = maxBytes;
  for (const result of all.slice(0, maxResults)) {
    left -= encoder.encode(escapeJson(JSON.stringify(result, null, 4))).length;
    if (left < 0) break;
    taken.push(result);
  }
  return taken;
}

function describeDriver({ lock }: CheckVerdict, findings: readonly Finding[]): unknown {
  // The first of a rule is its worst.
  const spoke = new Map(findings.toReversed().map((finding) => [finding.rule, finding]));
  const rules = [...spoke.values()].toSorted((left, right) => (left.rule < right.rule ? -1 : 1));
  return { name: 'Sluice', version: lock.engine, rules: rules.map(describeRule) };
}

function describeRule({ rule, level, why, remedy }: Finding): unknown {
  const markdown = Markdown.of`**Why it matters:** ${Markdown.prose(why)}

**What to do:** ${Markdown.prose(remedy)}

${Markdown.code(`sluice explain ${rule}`)} tells more.`;
  return {
    id: rule,
    shortDescription: { text: escapeSarif(rule.replaceAll('-', ' ')) },
    fullDescription: { text: escapeSarif(why) },
    help: { text: escapeSarif(`${why} ${remedy}`), markdown: markdown.toString() },
    defaultConfiguration: { level: sarifLevel[level] },
    properties: { tags: ['security', 'dependencies'] },
  };
}

/** An undecided check has not succeeded, whatever it found: nobody may take it for a clean one. */
function describeInvocation(check: CheckVerdict, leftOut: number): unknown {
  const coverage = addCoverage(check);
  const reasons = explainUndecided(coverage);
  const optional = coverage.gaps.filter(({ required }) => !required);
  const notifications = [
    ...(leftOut === 0 ? [] : [notify('warning', `${formatCount(leftOut)} results are left out for want of room.`)]),
    ...reasons.slice(0, maxNotifications).map((reason) => notify('error', reason)),
    ...(reasons.length > maxNotifications
      ? [notify('error', `${formatCount(reasons.length - maxNotifications)} more facts are missing.`)]
      : []),
    ...(optional.length === 0 ? [] : [notify('note', `Coverage: ${describeCheckCoverage(check)}.`)]),
  ];
  return {
    executionSuccessful: check.result !== 'undecided',
    endTimeUtc: check.lock.asOf,
    toolExecutionNotifications: notifications,
  };
}

function notify(level: 'error' | 'warning' | 'note', text: string): unknown {
  return { level, message: { text: escapeSarif(text) } };
}

/** The lockfile first, then whatever else of the project a result points at. */
function listArtifacts({ lockfile }: CheckVerdict, results: readonly SarifResult[]): unknown {
  const locations = results.flatMap((result) => [...result.locations, ...(result.relatedLocations ?? [])]);
  const uris = locations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri);
  return [...new Set([toUri(lockfile), ...uris])].map((uri) => ({
    location: { uri, uriBaseId: '%SRCROOT%' },
    roles: ['analysisTarget'],
  }));
}
