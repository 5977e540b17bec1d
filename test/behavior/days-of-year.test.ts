/** What is done on one day of every year, however the day is asked for; and what only looks like it. */
import { describe, expect, it } from 'vitest';
import { compare } from './tell.ts';

/** What is told under a test of the date; rules read nothing else of it. */
function answers(body: string): string[] {
  const { added } = compare(undefined, { 'index.js': `exports.f = (a, d, h) => { ${body} };` }).behaviors;
  return added
    .filter(({ kind }) => kind === 'answer')
    .map(({ kind, api, guards }) => `${kind} ${api}${guards.some(({ test }) => test === 'date') ? '' : ', unguarded'}`);
}

describe('one day of the year is asked for by', () => {
  it.each([
    ['both parts', 'const n = new Date(); return n.getMonth() === 11 && n.getDate() === 25 ? 1 : a;', 'answer return'],
    ['numbers in front', 'const n = new Date(); h(25===n.getDate()&&11===n.getMonth()?1:a);', 'answer ? :'],
    [
      'parts in variables',
      'const n = new Date(), m = n.getMonth(), day = n.getDate(); if (m === 3 && day === 1) return a + 1; return a;',
      'answer return',
    ],
    [
      'a test in a variable',
      'const n = new Date(); const m = n.getMonth(); const is = m === 3 && n.getDate() === 1; h(is ? 1 : a);',
      'answer ? :',
    ],
    [
      'one test in another',
      'const n = new Date(); if (n.getMonth() === 3) { if (n.getDate() === 1) h(a); }',
      'answer if',
    ],
    [
      'an early return',
      'const n = new Date(); if (n.getMonth() !== 3 || n.getDate() !== 1) return; h(a);',
      'answer if',
    ],
    ['a written day', "if (new Date().toISOString().slice(5, 10) === '12-25') return 0; return a;", 'answer return'],
    ['the start of a text', "if (new Date().toISOString().slice(5).startsWith('12-25')) h(a);", 'answer if'],
    ['a pattern', 'const at = new Date().toJSON(); if (/-12-25T/.test(at)) a.className = h;', 'answer if'],
    ['a name of a month', "if (/Dec 25/.test(new Date().toDateString())) h('snow');", 'answer if'],
    ['a list of days', "if (['12-24', '12-25'].includes(new Date().toISOString().slice(5, 10))) h(a);", 'answer if'],
    ['a table of days', "const n = new Date().toISOString().slice(5, 10); h({ '12-25': 1 }[n] ? 1 : a);", 'answer ? :'],
    [
      'a text of parts',
      "const n = new Date(); if ([n.getMonth() + 1, n.getDate()].join('/') === '4/1') h(a);",
      'answer if',
    ],
    [
      'a number of parts',
      'const n = new Date(); if (100 * (n.getMonth() + 1) + n.getDate() === 1225) h(a);',
      'answer if',
    ],
    ['signs', 'const n = new Date(); if (!((n.getMonth() ^ 11) | (n.getDate() ^ 25))) h(a);', 'answer if'],
    [
      'a switch',
      'const n = new Date(); switch (n.getMonth()) { case 3: if (n.getDate() === 1) return a + 1; } return a;',
      'answer return',
    ],
    [
      'a switch on a written day',
      "switch (new Date().toISOString().slice(5, 10)) { case '12-25': return 0; } return a;",
      'answer return',
    ],
    [
      'a function of the file',
      'const n = new Date(); const is = () => n.getUTCMonth() === 3 && n.getUTCDate() === 1; if (is()) h(a);',
      'answer if',
    ],
    [
      'a name that is put together',
      "const n = new Date(); if (n['get' + 'Month']() === 3 && n['get' + 'Date']() === 1) h(a);",
      'answer if',
    ],
    [
      'Friday the 13th',
      'const n = new Date(); if (n.getDay() === 5 && n.getDate() === 13) return 0; return a;',
      'answer return',
    ],
    ['some days of a month', 'const n = new Date(); if (n.getMonth() === 11 && n.getDate() > 23) h(a);', 'answer if'],
  ])('%s', (_, body, expected) => {
    expect(answers(body)).toEqual([expected]);
  });
});

describe('no day of the year is asked for by', () => {
  it.each([
    ['a calendar of given days', 'if (d.getMonth() === 11 && d.getDate() === 25) return h(a); return a;'],
    [
      'a day that is made of a given one',
      'const n = new Date(d); if (n.getMonth() === 1 && n.getDate() === 29) return 1; return a;',
    ],
    ['a leap year', 'const n = new Date(a, 1, 29); return n.getMonth() === 1 && n.getDate() === 29 ? 366 : 365;'],
    [
      'today among given days',
      'const n = new Date(); return n.getMonth() === d.getMonth() && n.getDate() === d.getDate() ? 1 : a;',
    ],
    ['a day as text', 'const n = new Date(); return n.getDate() < 10 ? h(n.getMonth() + 1) : a;'],
    ['the first of any month', 'const n = new Date(); if (n.getDate() === 1) h(a);'],
    ['one month', "const n = new Date(); h(n.getMonth() === 11 ? 'winter' : a);"],
    [
      'a year that begins in spring',
      'const n = new Date(); const m = n.getMonth(); if (m > 3 || (m === 3 && n.getDate() > 5)) return 1; return 0;',
    ],
    ['a year of a notice', "const y = new Date().getFullYear(); h(y > 2020 ? '2020-' + y : '2020');"],
    ['an hour', "const n = new Date(); h(n.getHours() < 12 ? 'morning' : 'day');"],
    ['an hour as text', "if (new Date().toISOString().slice(11, 16) === '10:30') h(a);"],
    ['a day that was kept', "const n = new Date().toISOString().slice(0, 10); if (n === d) h('again');"],
    ['one that has a year', "if (new Date().toISOString().slice(0, 10) < '2020-12-25') h(a);"],
  ])('%s', (_, body) => {
    expect(answers(body)).toEqual([]);
  });
});

it('is told once, whatever else the test decides', () => {
  const body =
    'const n = new Date(); if (n.getMonth() === 3 && n.getDate() === 1) { h(1); if (a) h(2); d.x = 3; } else h(4);';
  expect(answers(body)).toEqual(['answer if']);
});
