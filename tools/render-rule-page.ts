/** A rule's own text as a Markdown page, and the index of all of them. Pure: `tools/docs.ts` writes the files. */
import { factStanding, factTitle } from '../src/model/change.ts';
import type { Evidence, Place } from '../src/model/finding.ts';
import { makeVisible } from '../src/report/visible-text.ts';
import {
  type Example,
  type FlaggedExample,
  isLockExample,
  type LockExample,
  type LockExampleState,
  type Rule,
  type SourceTree,
} from '../src/rule.ts';

const generated = '<!-- Written by `npm run docs` from the rule itself: edit the rule, not this page. -->';

const familyTitle: Readonly<Record<Rule['family'], string>> = {
  pin: 'Pinned: the lockfile says exactly what will be installed',
  select: 'Asked for: nothing is newer than somebody required and tested',
  code: 'Code: what the new version does that the old one did not',
  release: 'Release: what the registry says about the version',
};

export function renderRulePage(rule: Rule): string {
  const sections = [
    `${generated}\n\n# ${rule.id}`,
    `**${rule.title}**\n\nDefault level: **${rule.level}**. Family: ${rule.family}.`,
    `## Why it matters\n\n${rule.rationale}`,
    `## What to do\n\n${rule.remedy}`,
    renderKinds(rule),
    renderOptions(rule),
    renderFacts(rule),
    `## Incidents\n\n${rule.incidents.map(({ what, when, url }) => `- ${when}: [${what}](${url})`).join('\n')}`,
    `## What it flags\n\n${rule.flags.map(renderFlagged).join('\n\n')}`,
    `## What it lets pass\n\n${rule.passes.map(renderExample).join('\n\n')}`,
    `## To change it\n\nIn \`sluice.json\`:\n\n${fence('json', JSON.stringify(sampleSetting(rule), null, 2))}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

export function renderRuleIndex(rules: readonly Rule[]): string {
  const families = [...new Set(rules.map((rule) => rule.family))].sort();
  const tables = families.map((family) => {
    const rows = rules
      .filter((rule) => rule.family === family)
      .map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.level} | ${cell(rule.title)} |`);
    return `## ${familyTitle[family]}\n\n| rule | level | what is seen |\n|---|---|---|\n${rows.join('\n')}`;
  });
  return `${[`${generated}\n\n# Rules`, ...tables].join('\n\n')}\n`;
}

function renderKinds(rule: Rule): string {
  const rows = Object.entries(rule.kinds).map(
    ([kind, { level, about }]) => `| \`${kind}\` | ${level} | ${cell(about)} |`,
  );
  return rows.length === 0 ? '' : `## Kinds\n\n| kind | level | when |\n|---|---|---|\n${rows.join('\n')}`;
}

function renderOptions(rule: Rule): string {
  const rows = Object.entries(rule.options).map(
    ([name, option]) => `| \`${name}\` | \`${cell(JSON.stringify(option.default))}\` | ${cell(option.about)} |`,
  );
  return rows.length === 0 ? '' : `## Options\n\n| option | default | meaning |\n|---|---|---|\n${rows.join('\n')}`;
}

function renderFacts(rule: Rule): string {
  const needs = rule.needs.map((name) => `- ${factTitle[name]} (${factStanding[name]})`);
  const wants = rule.wants.map((name) => `- ${factTitle[name]} (used where known)`);
  const consequence = 'Without a fact that it needs, the rule is reported as unchecked; it is never shown as clean.';
  return `## What it needs to know\n\n${[...needs, ...wants].join('\n')}\n\n${consequence}`;
}

function renderFlagged(example: FlaggedExample): string {
  return `${renderExample(example)}\n\nReported:\n\n${example.expect.map(renderEvidence).join('\n')}`;
}

function renderEvidence({ kind, message, at, via, target }: Evidence): string {
  const side = at.side === 'before' ? ', in the old version' : '';
  const words = [`- ${quote(message)}`, ` (${at.in} ${quote(renderPlace(at))}${side})`];
  if (kind !== undefined) words.push(`, kind \`${kind}\``);
  if (via !== undefined && via.length > 0) words.push(`, reached by ${via.map(quote).join(' → ')}`);
  if (target !== undefined) words.push(`, to be replaced by ${quote(target)}`);
  return words.join('');
}

/** `lib/a.js:3`, `package.json /main`, `/versions/1.0.0`. */
function renderPlace({ path, line, pointer }: Place): string {
  const file = line === undefined ? path : `${path ?? ''}:${line}`;
  return [file, pointer].filter((part) => part !== undefined).join(' ');
}

function renderExample(example: Example | LockExample): string {
  if (isLockExample(example)) return renderLockExample(example);
  const { before, after } = example;
  const trees =
    before === undefined ? [renderTree('New', after)] : [renderTree('Before', before), renderTree('After', after)];
  const dependencies = Object.entries(example.dependencies ?? {}).map(([name, tree]) =>
    renderTree(`Dependency ${quote(name)}`, tree),
  );
  return [`### ${example.title}`, ...trees, ...dependencies].join('\n\n');
}

function renderLockExample({ title, registry, before, after, facts = {} }: LockExample): string {
  const states =
    before === undefined ? [renderState('New', after)] : [renderState('Before', before), renderState('After', after)];
  const known = Object.entries(facts).map(
    ([name, more]) => `Known of ${quote(name)} besides:\n\n${fence('json', shorten(JSON.stringify(more, null, 2)))}`,
  );
  const published = registry.length === 0 ? [] : [`Published:\n\n${fence('text', registry.join('\n'))}`];
  return [`### ${title}`, ...published, ...states, ...known].join('\n\n');
}

function renderState(title: string, { asks, tree, manifest, entries, files }: LockExampleState): string {
  const lines = [`asks for: ${asks}`, `tree: ${tree}`];
  for (const [what, more] of Object.entries({ 'package.json': manifest, 'entries say': entries, ...files }))
    if (more !== undefined) lines.push(`${what}: ${typeof more === 'string' ? more : JSON.stringify(more)}`);
  return `${title}:\n\n${fence('text', shorten(showUnseen(lines.join('\n'))))}`;
}

function renderTree(title: string, tree: SourceTree): string {
  const files = Object.entries(tree).map(([path, contents]) => `${quote(path)}\n\n${renderContents(path, contents)}`);
  return files.length === 0 ? `${title}: no files.` : `${title}:\n\n${files.join('\n\n')}`;
}

function renderContents(path: string, contents: SourceTree[string]): string {
  if (contents instanceof Uint8Array) return fence('text', `(${contents.length} bytes)`);
  if (typeof contents !== 'string') return fence('json', JSON.stringify(contents, null, 2));
  return fence(path.slice(path.lastIndexOf('.') + 1), shorten(showUnseen(contents)));
}

const maxExampleChars = 1500;

function shorten(text: string): string {
  if (text.length <= maxExampleChars) return text;
  return `${text.slice(0, maxExampleChars)}\n… ${text.length - maxExampleChars} more characters`;
}

/** Examples of invisible code have to be visible here. */
function showUnseen(text: string): string {
  return text.split('\n').map(makeVisible).join('\n');
}

/** A fence longer than any run of backticks inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const bar = '`'.repeat(longest + 1);
  return `${bar}${language}\n${text.replace(/\n+$/, '')}\n${bar}`;
}

function quote(text: string): string {
  const shown = makeVisible(text);
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function sampleSetting(rule: Rule): unknown {
  const options = Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));
  const level = rule.level === 'off' ? 'review' : rule.level;
  const setting = Object.keys(options).length === 0 ? { level } : { level, options };
  return { rules: { [rule.id]: setting } };
}
