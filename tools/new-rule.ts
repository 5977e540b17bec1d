/** `npm run new-rule <family> <id>`: writes rules/<family>/<id>.ts and adds it to rules/index.ts. Then fill it in. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { addToRuleIndex, parseNewRule, renderRuleSkeleton } from './write-rule-skeleton.ts';

const indexFile = new URL('../rules/index.ts', import.meta.url);

try {
  const rule = parseNewRule(process.argv.slice(2));
  const index = addToRuleIndex(readFileSync(indexFile, 'utf8'), rule);
  const folder = new URL(`../rules/${rule.family}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${rule.id}.ts`, folder), renderRuleSkeleton(rule), { flag: 'wx' });
  writeFileSync(indexFile, index);
  console.log(`rules/${rule.family}/${rule.id}.ts is there, and fails its tests until every TODO is filled in.`);
  console.log('Then: npm test, npm run docs, and one line in CHANGELOG.md.');
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 2;
}
