/** Writes docs/rules/ from the rules themselves (`npm run docs`), or with `--check` fails when a page there is stale. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rules } from '../rules/index.ts';
import { renderRuleIndex, renderRulePage } from './render-rule-page.ts';

const folder = new URL('../docs/rules/', import.meta.url);
const pages = new Map([
  ['README.md', renderRuleIndex(rules)],
  ...rules.map((rule) => [`${rule.id}.md`, renderRulePage(rule)] as const),
]);
mkdirSync(folder, { recursive: true });
const stale = [...pages].filter(([name, text]) => findPage(name) !== text).map(([name]) => name);
const orphans = readdirSync(folder).filter((name) => !pages.has(name));

if (process.argv.includes('--check')) checkPages();
else writePages();

function checkPages(): void {
  const wrong = [...stale, ...orphans];
  if (wrong.length === 0) return;
  console.error(`docs/rules/ is stale: ${wrong.join(', ')}. Run \`npm run docs\` and commit what it writes.`);
  process.exitCode = 1;
}

function writePages(): void {
  for (const name of stale) writeFileSync(new URL(name, folder), pages.get(name) ?? '');
  for (const name of orphans) rmSync(new URL(name, folder));
  console.error(`docs/rules/: ${stale.length} written, ${orphans.length} removed, of ${pages.size} pages.`);
}

function findPage(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}
