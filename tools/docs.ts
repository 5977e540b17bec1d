/**
 * Writes docs/rules/ and the policy's schema from the rules themselves, the OpenAPI document from the routes, and the list of decisions (`npm run docs`).
 * With `--check` it writes nothing, and fails when one of them is stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rules } from '../rules/index.ts';
import { describePolicySchema } from '../src/engine/policy-schema.ts';
import { renderOpenapi } from './render-openapi.ts';
import { renderRuleIndex, renderRulePage } from './render-rule-page.ts';

const folder = new URL('../docs/', import.meta.url);
const pages = new Map([
  ['policy.schema.json', renderPolicySchema()],
  ['openapi.json', await renderOpenapi()],
  ['decisions/README.md', renderDecisionIndex()],
  ['rules/README.md', renderRuleIndex(rules)],
  ...rules.map((rule) => [`rules/${rule.id}.md`, renderRulePage(rule)] as const),
]);
mkdirSync(new URL('rules/', folder), { recursive: true });
const stale = [...pages].filter(([name, text]) => findPage(name) !== text).map(([name]) => name);
const orphans = readdirSync(new URL('rules/', folder))
  .map((name) => `rules/${name}`)
  .filter((name) => !pages.has(name));

if (process.argv.includes('--check')) checkPages();
else writePages();

function checkPages(): void {
  const wrong = [...stale, ...orphans];
  if (wrong.length === 0) return;
  console.error(`docs/ is stale: ${wrong.join(', ')}. Run \`npm run docs\` and commit what it writes.`);
  process.exitCode = 1;
}

function writePages(): void {
  for (const name of stale) writeFileSync(new URL(name, folder), pages.get(name) ?? '');
  for (const name of orphans) rmSync(new URL(name, folder));
  console.error(`docs/: ${stale.length} written, ${orphans.length} removed, of ${pages.size} pages.`);
}

function renderPolicySchema(): string {
  const dialect = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
  return `${JSON.stringify({ ...dialect, ...describePolicySchema(rules) }, null, 2)}\n`;
}

function renderDecisionIndex(): string {
  const names = readdirSync(new URL('decisions/', folder)).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const rows = names.sort().map((name) => {
    const [title = name] = readFileSync(new URL(`decisions/${name}`, folder), 'utf8').split('\n');
    return `- [${title.replace(/^# /, '')}](${name})`;
  });
  const about =
    'One page a decision: what was chosen, what else was tried, and the figures. A page is not rewritten when the decision\n' +
    'changes; a new one replaces it and says so. This list is written by `npm run docs`.';
  return `# Decisions\n\n${about}\n\n${rows.join('\n')}\n`;
}

function findPage(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}
