import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { addToRuleIndex, parseNewRule, renderRuleSkeleton, toIdentifier } from '../../tools/write-rule-skeleton.ts';

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
    const { diagnostics = [] } = ts.transpileDeclaration(skeleton, {
      reportDiagnostics: true,
      compilerOptions: { isolatedDeclarations: true, declaration: true },
    });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  });

  it('expects evidence that its own check does not give, so that the tests fail until somebody writes it', () => {
    expect(skeleton).toContain("expect: [{ message: 'TODO");
    expect(skeleton).toContain('return [];');
  });
});
