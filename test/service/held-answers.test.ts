import { describe, expect, it } from 'vitest';
import { HeldAnswers } from '../../src/service/held-answers.ts';
import type { StoredAnswer } from '../../src/store/stored-answers.ts';

const answer = (characters: number): StoredAnswer => ({
  asOf: '2026-03-01T00:00:00.000Z',
  lasting: true,
  changesDaily: false,
  result: 'allow',
  verdictId: 'sha256-0',
  integrity: undefined,
  document: 'x'.repeat(characters),
  checksum: '0',
});

describe('answers that are held', () => {
  it('are found by what they were asked with, until they are cleared', () => {
    const held = new HeldAnswers(100_000);
    const one = answer(10);
    held.hold('one', one);
    expect([held.find('one'), held.find('other')]).toEqual([one, undefined]);
    held.clear();
    expect(held.find('one')).toBeUndefined();
  });

  it('are as many as there is room for: what is asked for stays, what nobody asks for goes', () => {
    const held = new HeldAnswers(100_000);
    for (let turn = 0; turn < 1_000; turn += 1) {
      held.hold(`${turn}`, answer(1_000));
      expect([turn, held.find('0')?.document.length]).toEqual([turn, 1_000]);
    }
    const found = Array.from({ length: 1_000 }, (_, turn) => held.find(`${turn}`)).filter((one) => one !== undefined);
    expect(found.length).toBeGreaterThan(30);
    expect(found.length).toBeLessThan(70);
    expect(held.find('999')).toBeDefined();
  });

  it('take no more room when one replaces another', () => {
    const held = new HeldAnswers(100_000);
    held.hold('first', answer(1_000));
    for (let turn = 0; turn < 1_000; turn += 1) held.hold('same', answer(1_000));
    expect(held.find('first')).toBeDefined();
  });
});
