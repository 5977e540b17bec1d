import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { honestStyles } from '../../tools/mutate/encodings.ts';
import { randomFor } from '../../tools/mutate/random-for.ts';
import { parseCode } from '../../tools/mutate/rewrite-code.ts';
import { type Spelling, spellings } from '../../tools/mutate/spellings.ts';
import { wordTables } from '../../tools/mutate/word-tables.ts';

const wellFormed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
/** Tables in files are read back in `mutate-write-code.test.ts`. */
const started: readonly (() => Spelling)[] = [
  ...spellings.map((spelling) => () => spelling),
  ...wordTables.filter((start) => start().beside === undefined),
  ...honestStyles.flatMap(({ spelling }) => spelling ?? []),
];

describe.each(started.map((start) => ({ id: start().id, start })))('the spelling $id', ({ start }) => {
  it('gives back every text', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, fc.integer(), (first, second, seed) => {
        const spelling = start();
        const random = randomFor(seed);
        const expressions = [first, second].map((text) => spelling.spell(text, random));
        expect(evaluate(`${spelling.helper ?? ''}\nreturn [${expressions.join(', ')}];`)).toEqual([first, second]);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(spellings)('the spelling $id', (spelling) => {
  it('does not show a name of a module', () => {
    fc.assert(
      fc.property(fc.constantFrom('child_process', 'https', 'fs'), fc.integer(), (name, seed) => {
        const expression = spelling.spell(name, randomFor(seed));
        const tree = JSON.stringify(parseCode(`void ${expression};`));
        // The parser undoes escapes: they hide a name from readers, not from a tree.
        expect(tree.includes(`"value":"${name}"`)).toBe(spelling.id === 'escapes');
        expect(expression).not.toContain(`'${name}'`);
      }),
      { numRuns: 30 },
    );
  });
});

/** Our own expressions, made a line above. */
function evaluate(code: string): unknown {
  return new Function(code)();
}
