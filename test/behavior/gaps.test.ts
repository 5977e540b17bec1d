/** What is put under a shared name where nothing stands, and what replaces something under a test that only looks like that. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';

function listPatches(text: string): string[] {
  return analyzeFile(text, 'index.js').fns.flatMap(({ behaviors }) =>
    behaviors.flatMap(({ kind, api, marks }) =>
      kind === 'global-patch' ? [marks.includes('fills-gap') ? `gap ${api}` : `patch ${api}`] : [],
    ),
  );
}

describe('a gap is filled', () => {
  it.each([
    ['under a test', `if (!window.fetch) window.fetch = mine;`],
    ['by its type', `if (typeof fetch !== 'function') globalThis.fetch = mine;`],
    ['where it is not defined', `if (typeof self.fetch === 'undefined') self.fetch = mine;`],
    ['where it is nothing', `if (window.fetch == null) window.fetch = mine;`],
    ['by an assignment of its own', `globalThis.fetch ??= mine;`],
    ['after or', `self.fetch || (self.fetch = mine);`],
    ['with what stands there first', `window.fetch = window.fetch || mine;`],
    ['where the object has no such name', `if (!('fetch' in window)) window.fetch = mine;`],
    [
      'where the object has no such name of its own',
      `if (!Object.hasOwn(globalThis, 'fetch')) globalThis.fetch = mine;`,
    ],
    ['after an early return', `(function () { if (window.fetch) return; window.fetch = mine; })();`],
    ['otherwise', `if (window.fetch) { use(window.fetch); } else { window.fetch = mine; }`],
    ['by a variable that holds it', `var native = window.fetch; if (!native) window.fetch = mine;`],
    ['by a name taken out', `const { fetch: native } = window; if (!native) window.fetch = mine;`],
    [
      'by a variable that holds the test',
      `var has = typeof window.fetch === 'function'; if (!has) window.fetch = mine;`,
    ],
    ['by a function', `function has() { return 'fetch' in window; } if (!has()) window.fetch = mine;`],
    ["by a helper's word", `if (!isFunction(window.fetch)) window.fetch = mine;`],
    ['under more tests than that', `if (!window.fetch && window.Promise) window.fetch = mine;`],
    ['where either is not there', `if (!window.fetch || typeof window.fetch !== 'function') window.fetch = mine;`],
    [
      'by a definition',
      `if (!window.fetch) Object.defineProperty(window, 'fetch', { value: mine, configurable: true });`,
    ],
    [
      'in whatever is global',
      `var g = (typeof globalThis !== 'undefined' && globalThis) || (typeof self !== 'undefined' && self) || {}; if (!g.fetch) { g.fetch = mine; }`,
    ],
  ])('%s', (_title, text) => {
    expect(listPatches(text)).toEqual(['gap globalThis.fetch']);
  });

  it('where the object itself is not there', () => {
    expect(
      listPatches(`if (typeof navigator === 'undefined' || !navigator.sendBeacon) navigator.sendBeacon = mine;`),
    ).toEqual(['gap navigator.sendBeacon']);
  });

  it('in the language, where a part of it is not there', () => {
    expect(listPatches(`if (!window.Promise || !window.Promise.allSettled) window.Promise = mine;`)).toEqual([
      'gap globalThis.Promise',
    ]);
  });

  it('in the language, where what is there is known to be broken', () => {
    expect(listPatches(`if (!Array.prototype.includes || breaks()) Array.prototype.includes = mine;`)).toEqual([
      'gap Array.prototype.includes',
    ]);
  });
});

describe('something is replaced', () => {
  it.each([
    ['once', `if (!window.fetch.mine) { window.fetch = wrap(window.fetch); }`],
    [
      'once, and after an early return',
      `(function () { if (window.fetch && window.fetch.mine) return; window.fetch = mine; })();`,
    ],
    ['where it may be broken', `if (!window.fetch || window.fetch.length !== 99) window.fetch = mine;`],
    ['with what only begins as it does', `window.fetch = window.fetch && mine;`],
    ['where something else is not there', `if (!window.fetcher) window.fetch = mine;`],
    ['where something of that name is not there', `const own = { a: 1 }; if (!own.fetch) window.fetch = mine;`],
    ['where it is there', `if (typeof window.fetch === 'function') window.fetch = mine;`],
    [
      'where a variable was written twice',
      `var native = window.fetch; native = null; if (!native) window.fetch = mine;`,
    ],
    [
      'where a function of that name gives something else',
      `function fetcher() { return false; } if (!fetcher()) window.fetch = mine;`,
    ],
    ['in the place of another', `window.fetch = window.other || mine;`],
  ])('%s', (_title, text) => {
    expect(listPatches(text)).toEqual(['patch globalThis.fetch']);
  });

  it.each([
    ['in the language, once', `if (!JSON.parse.mine) JSON.parse = mine;`, 'JSON.parse'],
    [
      'in the language, once and after an early return',
      `(function () { if (JSON.parse && JSON.parse['mine']) return; JSON.parse = mine; })();`,
      'JSON.parse',
    ],
    ['in a prototype, once', `if (!Array.prototype.push.mine) Array.prototype.push = mine;`, 'Array.prototype.push'],
  ])('%s', (_title, text, api) => {
    expect(listPatches(text)).toEqual([`patch ${api}`]);
  });

  it('by chance', () => {
    expect(listPatches(`if (typeof Math.random !== 'function' || Math.random() < 2) Math.random = () => 0.5;`)).toEqual(
      ['patch Math.random'],
    );
  });
});
