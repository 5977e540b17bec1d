import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addToRuleIndex, parseNewRule, renderRuleSkeleton, toIdentifier } from '../../tools/write-rule-skeleton.ts';
import { type CompilerAnswer, runCompiler } from '../support/run-compiler.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const index = `/** The rules, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { entryMissing } from './code/entry-missing.ts';
import { versionAnomaly } from './release/version-anomaly.ts';

export const rules: readonly Rule[] = [
  entryMissing,
  versionAnomaly,
];
`;

describe('parseNewRule', () => {
  it('takes a family and an id', () => {
    expect(parseNewRule(['code', 'file-renamed'])).toEqual({ family: 'code', id: 'file-renamed' });
  });

  it.each([
    [[], 'Say a family and an id'],
    [['code'], 'Say a family and an id'],
    [['misc', 'file-renamed'], 'Say a family and an id'],
    [['code', 'file-renamed', 'more'], 'Say a family and an id'],
    [['code', 'FileRenamed'], '"FileRenamed" is no rule id'],
    [['code', '../../x-y'], 'is no rule id'],
    [['code', 'single'], 'at least two words'],
  ])('refuses %j and says what to do', (parameters, sentence) => {
    expect(() => parseNewRule(parameters)).toThrow(sentence);
  });
});

describe('addToRuleIndex', () => {
  it('adds the import by path and the name by id, and changes nothing else', () => {
    expect(
      addToRuleIndex(index, { family: 'pin', id: 'host-changed' }),
    ).toBe(`/** The rules, in the order of their ids. */
import type { Rule } from '../src/rule.ts';
import { entryMissing } from './code/entry-missing.ts';
import { hostChanged } from './pin/host-changed.ts';
import { versionAnomaly } from './release/version-anomaly.ts';

export const rules: readonly Rule[] = [
  entryMissing,
  hostChanged,
  versionAnomaly,
];
`);
  });

  it('starts a list that is empty', () => {
    const empty = "import type { Rule } from '../src/rule.ts';\n\nexport const rules: readonly Rule[] = [];\n";
    const started = addToRuleIndex(empty, { family: 'code', id: 'entry-missing' });
    expect(started).toContain("import { entryMissing } from './code/entry-missing.ts';");
    expect(started).toContain('= [\n  entryMissing,\n];');
  });

  it('refuses a rule that is there already', () => {
    expect(() => addToRuleIndex(index, { family: 'code', id: 'entry-missing' })).toThrow('has entry-missing already');
  });

  it('refuses a list that it does not know how to edit', () => {
    expect(() => addToRuleIndex('export {};', { family: 'code', id: 'entry-missing' })).toThrow(
      'no `export const rules',
    );
  });
});

describe('renderRuleSkeleton', () => {
  const skeleton = renderRuleSkeleton({ family: 'code', id: 'file-renamed' });

  it('is TypeScript that exports the rule under its name', () => {
    expect(toIdentifier('file-renamed')).toBe('fileRenamed');
    expect(skeleton).toContain('export const fileRenamed: Rule = defineRule({');
    expect(checkAsRule(skeleton)).toEqual({ exit: 0, complaints: '' });
    expect(checkAsRule(skeleton.replace("level: 'notice'", "level: 'loud'")).complaints).toContain('\'"loud"\'');
  });

  it('expects evidence that its own check does not give, so that the tests fail until somebody writes it', () => {
    expect(skeleton).toContain("expect: [{ message: 'TODO");
    expect(skeleton).toContain('return [];');
  });
});

/** Type-checks the text where a rule would stand, beside the real src/ and under the repository's own settings. */
function checkAsRule(text: string): CompilerAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-skeleton-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'rules/code'), { recursive: true });
  for (const name of ['src', 'node_modules', 'package.json']) symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'rules/code/file-renamed.ts'), text);
  const config = { extends: join(root, 'tsconfig.json'), include: ['rules'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return runCompiler(folder, ['-p', '.']);
}
