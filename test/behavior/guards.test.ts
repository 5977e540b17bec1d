/** Tests of where, when or for whom code runs, over what it does. */
import { describe, expect, it } from 'vitest';
import type { Behavior } from '../../src/model/behavior.ts';
import { compare, type Files, tellOnly } from './tell.ts';

function guardsOf(program: string): string[] {
  return tellOnly({ 'index.js': program }).guards.map(({ test }) => test);
}

function tell(files: Files): readonly Behavior[] {
  return compare(undefined, files).behaviors.added;
}

const acts = "require('fs').unlinkSync('x');";

describe('a test is told by what was taken out of something', () => {
  it.each([
    ['const { language } = navigator;', "language.startsWith('xx')", 'language'],
    ['const { LANG } = process.env;', "LANG === 'xx_XX'", 'language'],
    ['const { username } = require("os").userInfo();', "username === 'them'", 'user'],
    ['const { name } = require(process.cwd() + "/package.json");', "name === 'them'", 'user'],
    ['const { author } = JSON.parse(require("fs").readFileSync("package.json", "utf8"));', "author === 'them'", 'user'],
    ['const { author } = require(process.cwd() + "/package.json");', '/them/.test(author.name || author)', 'user'],
  ])('%s', (taken, test, told) => {
    const behaviors = tell({ 'index.js': `${taken}\nif (${test}) ${acts}` });
    const deleting = behaviors.filter(({ kind }) => kind === 'file-delete');
    expect(deleting.map(({ guards }) => guards.map((guard) => [guard.test, guard.fixed]))).toEqual([[[told, true]]]);
  });
});

it('a variable of the environment is asked for, whatever it is called after', () => {
  const after = `const { name } = require(process.cwd() + '/package.json');\nif (process.env[name.toUpperCase()]) ${acts}`;
  const deleting = tell({ 'index.js': after }).filter(({ kind }) => kind === 'file-delete');
  expect(deleting.map(({ guards }) => guards)).toEqual([[]]);
});

describe('what a function gives', () => {
  const answers = (body: string): string[] =>
    tell({ 'index.js': `exports.f = (a, at) => { ${body} return a; };` })
      .filter(({ kind }) => kind === 'answer')
      .map(({ api, guards }) => `${api} ${guards.map(({ test }) => test).join()}`);

  it.each([
    ['if (Math.random() < 0.01) return a + 1;', ['return chance']],
    ['if (Math.random() > 0.99) a *= -1;', ['a = chance']],
    ['if (Date.now() > 1900000000000) return 0;', ['return date']],
    ["if (new Date() > new Date('2030-01-01')) return 0;", ['return date']],
    ["const day = Date.parse('2030-01-01'); if (Date.now() - day > 0) return 0;", ['return date']],
    ['if (new Date().getFullYear() >= 2030) { a = 0; }', ['a = date']],
    ['if (a > 9 && Math.random() < 0.003) a = Math.round(a * 0.999);', ['a = chance']],
    ['const limit = 1900000000000; const now = Date.now(); if (now > 1900000000000) return limit;', ['return date']],
  ])('is told where it is decided by %s', (body, expected) => {
    expect(answers(body)).toEqual(expected);
  });

  it.each([
    ['if (a < 0.01) return a + 1;'],
    ['if (Math.random() < at) return a + 1;'],
    ['if (Math.random() < 0.5) return true;'],
    ['if (Math.random() < 0.1) return;'],
    ['const b = Math.random(); if (a > 2) return b;'],
    ['const b = Math.random(); if (b < 0.9) return at[b];'],
    ['let b = 0; if (Math.random() < 0.5) b = 1;'],
    ['if (Date.now() - at > 86400000) return 0;'],
    ['const fiftyYears = 1576800000000; if (at.getTime() - new Date().getTime() > fiftyYears) return 0;'],
    ['if (new Date(at).getFullYear() >= 2030) return 0;'],
    ['if (new Date().getHours() > 12) return 0;'],
    ['if (new Date().getDay() === 0) return 7;'],
  ])('is not, by %s', (body) => {
    expect(answers(body)).toEqual([]);
  });
});

describe('a test is none of', () => {
  it.each([
    ['a host that is asked for at all', `if (document.domain && x) ${acts}`],
    ['a language that is asked for at all', `if (!navigator.language) ${acts}`],
    ['a page that lies on the own disk', `if (location.href.startsWith('file://')) ${acts}`],
    [
      'what a file says that is named after the user',
      `const fs = require('fs'); const said = fs.readFileSync('/tmp/' + require('os').userInfo().username, 'utf8'); if (said) ${acts}`,
    ],
  ])('%s', (_, program) => {
    const deleting = tell({ 'index.js': program }).filter(({ kind }) => kind === 'file-delete');
    expect(deleting.map(({ guards }) => guards)).toEqual([[]]);
  });
});

describe('a test stands over', () => {
  it.each([
    ['a page that is left', `if (navigator.language === 'xx') location.href = 'https://far.invalid/';`, ['language']],
    [
      'a page that is left by a link that is clicked',
      `const a = document.createElement('a'); a.href = 'https://far.invalid/'; if (navigator.language === 'xx') a.click();`,
      ['language'],
    ],
  ])('%s', (_, program, tests) => {
    const changes = tell({ 'index.js': program }).filter(({ kind }) => kind === 'page-change');
    expect(changes.flatMap(({ guards }) => guards.map(({ test }) => test))).toEqual(tests);
  });

  it('no address that is only taken apart with a link', () => {
    const program = `if (navigator.language === 'xx') { const a = document.createElement('a'); a.href = '.'; exports.a = a.host; }`;
    expect(tell({ 'index.js': program }).filter(({ kind }) => kind === 'page-change')).toEqual([]);
  });

  it('what a timer calls, in a function that somebody else may call', () => {
    const program = `exports.f = () => { if (/^xx/.test(navigator.language)) setTimeout(() => { alert('x'); }, 1); };`;
    expect(guardsOf(program)).toEqual(['language']);
  });
});

describe('a test is of', () => {
  it.each([
    ['language', `if (navigator.language === 'xx') ${acts}`],
    ['language', `if (/^xx/.test(window.navigator['lang' + 'uage'])) ${acts}`],
    ['language', `const { language } = navigator; if (language.startsWith('xx')) ${acts}`],
    ['language', `if (process.env.LANG.includes('xx')) ${acts}`],
    ['language', `if (Intl.DateTimeFormat().resolvedOptions().locale === 'xx') ${acts}`],
    ['time-zone', `if (Intl.DateTimeFormat().resolvedOptions().timeZone === 'Nowhere/Town') ${acts}`],
    [
      'time-zone',
      `const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone; if (['Nowhere/Town'].includes(zone)) ${acts}`,
    ],
    ['time-zone', `if (new Date().getTimezoneOffset() === -180) ${acts}`],
    ['time-zone', `if (process.env.TZ === 'Nowhere') ${acts}`],
    ['place', `function f(answer) { if (answer.country_name === 'nowhere') ${acts} } f(x);`],
    ['host', `if (location.hostname.endsWith('.invalid')) ${acts}`],
    ['host', `if (require('os').hostname() === 'machine') ${acts}`],
    ['user', `if (require('os').userInfo().username === 'somebody') ${acts}`],
    ['user', `if (process.env.USER === 'somebody') ${acts}`],
    ['date', `if (Date.now() > 1700000000000) ${acts}`],
    ['date', `if (new Date() > new Date('2030-01-01')) ${acts}`],
    ['date', `if (new Date().getMonth() === 3) ${acts}`],
  ])('%s: %s', (test, program) => {
    expect(guardsOf(program)).toEqual([test]);
  });

  it.each([
    ['an early return', `function f() { if (navigator.language !== 'xx') return; ${acts} } f();`],
    ['&&', `navigator.language === 'xx' && ${acts}`],
    ['a conditional', `navigator.language === 'xx' ? ${acts.replace(';', '')} : 0;`],
    ['a switch', `switch (navigator.language) { case 'xx': ${acts} }`],
    ['else', `if (navigator.language !== 'xx') {} else { ${acts} }`],
    ['a function that tests', `function here() { return navigator.language === 'xx'; } if (here()) ${acts}`],
    ['the caller', `function act() { ${acts} } if (navigator.language === 'xx') act();`],
    ['a callback', `if (navigator.language === 'xx') setTimeout(() => { ${acts} }, 1);`],
    ['a variable', `const language = navigator.language; const ours = language === 'xx'; if (ours) ${acts}`],
  ])('language, through %s', (_, program) => {
    expect(guardsOf(program)).toEqual(['language']);
  });

  it.each([
    `if (process.argv[2]) ${acts}`,
    `if (process.platform === 'win32') ${acts}`,
    `if (process.env.NODE_ENV === 'production') ${acts}`,
    `if (location.hostname === 'localhost') ${acts}`,
    `if (Date.now() - start > 1000) ${acts}`,
    `if (options.language) ${acts}`,
    `const own = () => process.env.LC_ALL || process.env.LANG; if (known || own()) { } else ${acts}`,
    `let known; const keep = (text) => { known = text && text.replace(/[.:].*/, ''); return known; }; if (x || keep(process.env.LANG)) ${acts}`,
    `const message = navigator.language; ${acts}`,
  ])('nothing of the kind: %s', (program) => {
    expect(guardsOf(program)).toEqual([]);
  });

  it('comes with its text and line, the outermost first', () => {
    const { guards } = tellOnly({
      'index.js': `if (navigator.language === 'xx') {\n  if (process.env.TZ === 'Nowhere') ${acts}\n}`,
    });
    expect(guards).toEqual([
      { test: 'language', line: 1, text: "navigator.language === 'xx'", fixed: true },
      { test: 'time-zone', line: 2, text: "process.env.TZ === 'Nowhere'", fixed: true },
    ]);
  });
});

describe('what tells is compared with something fixed', () => {
  function isFixed(test: string): boolean {
    const program = `exports.f = (x, y) => { if (${test}) throw new Error('not here'); };`;
    return tell({ 'index.js': program }).some(({ guards }) => guards.some(({ fixed }) => fixed === true));
  }

  it.each([
    `navigator.language === 'xx'`,
    `navigator['lang' + 'uage'] === Buffer.from('eHg=', 'base64').toString()`,
    '/^xx/.test(navigator.language)',
    `new RegExp('corp').test(require('os').hostname())`,
    `location.hostname.endsWith('.invalid')`,
    `location.host.split('.').pop() === 'xx'`,
    `['Nowhere/Town'].includes(Intl.DateTimeFormat().resolvedOptions().timeZone)`,
    `new Set(['xx']).has(navigator.language)`,
    '({ xx: 1 })[navigator.language]',
    'navigator.language in { xx: 1 }',
    `['xx', 'yy'].some((one) => navigator.language.startsWith(one))`,
    `navigator.languages.some((one) => one === 'xx')`,
    'new Date().getTimezoneOffset() === -180',
    'Date.now() > 1900000000000',
    `Date.now() > parseInt('1ba2d1a8400', 16)`,
    'Date.now() - 1900000000000 > 0',
    `new Date() > new Date('2030-01-01')`,
    'new Date().getFullYear() >= 2030',
    `process.env['\\x55SER'] === 'somebody'`,
    `require('crypto').createHash('md5').update(require('os').hostname()).digest('hex') === '0cc175b9c0f1'`,
  ])('%s', (test) => {
    expect(isFixed(test)).toBe(true);
  });

  it.each([
    'new Date().getFullYear() < 2002',
    '(new Date().getFullYear() >= 2030 && x(), x)',
    '!(x || location.href)',
    '!/^https?:/.test(x || location.href)',
    `(location.protocol + '//' + location.host + x).indexOf('://') < 0`,
    'new URL(x, location.href).origin !== location.origin',
    `new URL(location.href).protocol !== 'https:'`,
    'x !== location.host',
    `location.host.indexOf(':') !== -1`,
    '!navigator.language',
    `typeof navigator.language === 'undefined'`,
    'x.includes(navigator.language)',
    'navigator.language.length > 0',
    'Date.now() > x',
    'Date.now() - x > 30000',
    'new Date(x).getDate() !== y',
    'new Date(x, y).getMonth() !== 1',
    `require('os').userInfo().uid === 0`,
  ])('and is not, only asked for, taken apart, or compared with what callers give: %s', (test) => {
    expect(isFixed(test)).toBe(false);
  });

  it('in one case of a switch', () => {
    const program = `exports.f = () => { switch (navigator.language) { case 'xx': throw new Error('not here'); } };`;
    expect(tellOnly({ 'index.js': program }).guards).toEqual([
      { test: 'language', line: 1, text: 'navigator.language', fixed: true },
    ]);
  });
});
