import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import popularNames from '../../src/model/popular-names.json' with { type: 'json' };
import { loadNameLists } from '../../tools/load-name-lists.ts';
import { renderPopularNames } from '../../tools/render-popular-names.ts';

it('puts a name into the first tier that has it, in the order of code units', () => {
  const lists = { source: 'list 1.0.0', date: '2026-01-01' };
  const byDownloads = Array.from({ length: 301 }, (_, index) => `down-${String(index).padStart(3, '0')}`);
  const text = renderPopularNames({
    ...lists,
    all: [...byDownloads, 'Rare', 'dep'],
    byDownloads: byDownloads.toReversed(),
    byDependents: ['dep', 'down-300'],
  });
  expect(JSON.parse(text)).toEqual({
    ...lists,
    household: ['dep', ...byDownloads.slice(1)],
    wellKnown: ['down-000'],
    known: [],
    others: ['Rare'],
  });
});

it('gives the shipped list again, from the installed version of its source', () => {
  const file = new URL('../../src/model/popular-names.json', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(renderPopularNames(loadNameLists(popularNames.date)));
});
