/** The text of a new rule, and rules/index.ts with the rule in it. Pure: `tools/new-rule.ts` writes the files. */
import type { RuleFamily } from '../src/rule.ts';

const families: readonly RuleFamily[] = ['pin', 'select', 'code', 'release'];

export interface NewRule {
  readonly family: RuleFamily;
  readonly id: string;
}

/** Throws one sentence when the command line does not name a family and a fresh id. */
export function parseNewRule(parameters: readonly string[]): NewRule {
  const [family, id] = parameters;
  const known = families.find((name) => name === family);
  if (known === undefined || id === undefined || parameters.length > 2) {
    throw new Error(`Say a family and an id: npm run new-rule <${families.join('|')}> <id>`);
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    throw new Error(
      `"${id}" is no rule id: at least two words in kebab-case that say what is seen, as in publisher-changed`,
    );
  }
  return { family: known, id };
}

/**
 * Compiles, and fails the tests until it is filled in: the incident has no address, and `check` does not say what
 * its example expects.
 */
export function renderRuleSkeleton({ family, id }: NewRule): string {
  return `/** What the attack is, in plain words: who did what, and how it would have been seen. */
import { atManifest, defineRule, type Rule } from '../../src/rule.ts';

export const ${toIdentifier(id)}: Rule = defineRule({
  id: '${id}',
  family: '${family}',
  title: 'TODO: what is seen, as one sentence',
  rationale: 'TODO: why it matters.',
  remedy: 'TODO: what to do now.',
  level: 'notice',
  appliesToAdditions: false,
  incidents: [{ what: 'TODO', when: 'TODO', url: 'TODO' }],
  needs: ['manifests'],
  check() {
    return [];
  },
  flags: [
    {
      title: 'TODO: the attack, as small as it can be',
      before: { 'package.json': {}, 'index.js': '' },
      after: { 'package.json': {}, 'index.js': '' },
      expect: [{ message: 'TODO: the exact evidence', at: atManifest('main') }],
    },
  ],
  passes: [
    {
      title: 'TODO: the nearest innocent look-alike',
      before: { 'package.json': {}, 'index.js': '' },
      after: { 'package.json': {}, 'index.js': '' },
    },
  ],
});
`;
}

/** Throws when the rule is there already, or the list does not look as this tool knows it. */
export function addToRuleIndex(index: string, { family, id }: NewRule): string {
  const name = toIdentifier(id);
  const list = /^(export const rules[^=]*= \[)([^\]]*)\];/m.exec(index);
  if (list === null) throw new Error('rules/index.ts has no `export const rules = […]` to add to');
  const names = (list[2] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (names.includes(name)) throw new Error(`rules/index.ts has ${id} already`);
  const sorted = [...names, name].sort(byId).map((entry) => `  ${entry},\n`);
  const withName = index.replace(list[0], `${list[1]}\n${sorted.join('')}];`);
  return addImport(withName, `import { ${name} } from './${family}/${id}.ts';`);
}

/** Camel case sorts otherwise than the ids it stands for: `binaryAdded` and `binarySwapped` as `binary-added`, … */
function byId(left: string, right: string): number {
  return toId(left) < toId(right) ? -1 : 1;
}

function addImport(index: string, line: string): string {
  const imports = index.split('\n').filter((row) => /^import \{ \w+ \} from '\.\//.test(row));
  const sorted = [...imports, line].sort((left, right) => (pathOf(left) < pathOf(right) ? -1 : 1));
  const [first] = imports;
  if (first === undefined) return index.replace(/^(import .*\n)?/m, (head) => `${head}${line}\n`);
  const rest = imports.slice(1).reduce((text, row) => text.replace(`${row}\n`, ''), index);
  return rest.replace(first, sorted.join('\n'));
}

function pathOf(row: string): string {
  return row.slice(row.indexOf("'./"));
}

function toId(identifier: string): string {
  return identifier.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function toIdentifier(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
