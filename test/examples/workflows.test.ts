/** The example workflows, read by GitHub's own parser: it knows every key that a workflow may have. */
import { readdirSync, readFileSync } from 'node:fs';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { expect, test } from 'vitest';

const folder = new URL('../../examples/workflows/', import.meta.url);

function findErrors(name: string, content: string): readonly string[] {
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

test.each(readdirSync(folder))('%s is a workflow', (name) => {
  expect(findErrors(name, readFileSync(new URL(name, folder), 'utf8'))).toEqual([]);
});

test('what is none is refused', () => {
  expect(findErrors('a.yml', 'on: pull_request\njobs:\n  a:\n    runs-on: x\n    stepz: []\n')).not.toEqual([]);
});
