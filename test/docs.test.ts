/** What the documents show has to work as it stands there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { parsePolicy } from '../src/engine/parse-policy.ts';

const examples = [...read('docs/policy.md').matchAll(/```jsonc?\n([^`]*)```/g)].map(([, text = '']) => text);

describe('docs/policy.md', () => {
  it('shows policies', () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  it.each(examples)('shows one that is understood: %s', (text) => {
    expect(parsePolicy(text, 'docs/policy.md', rules).rules).not.toEqual({});
  });
});

describe('package.json', () => {
  it('publishes only files that are there', () => {
    // Safe: npm could not have installed this repository from a package.json of another shape.
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
    const documents = files.filter((file) => file !== 'build');
    expect(documents.length).toBeGreaterThan(0);
    for (const file of documents) expect(read(file)).not.toBe('');
  });
});

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}
