/** Which loops have no way to end: decided from condition, counter and exits, many rows each way. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';

function endless(program: string): readonly (string | undefined)[] {
  return analyzeFile(program, 'index.mjs')
    .fns.flatMap(({ behaviors }) => behaviors)
    .filter(({ kind }) => kind === 'endless-loop')
    .map(({ detail }) => detail);
}

describe('a loop never ends', () => {
  it.each([
    ['for (;;) f();', 'it has no condition'],
    ['for (let i = 0; ; i++) f(i);', 'it has no condition'],
    ['while (true) f();', 'its condition is always true'],
    ['while (1) f();', 'its condition is always true'],
    ['while (!0) f();', 'its condition is always true'],
    ['while (!!1) f();', 'its condition is always true'],
    ["while ('x') f();", 'its condition is always true'],
    ['while ([]) f();', 'its condition is always true'],
    ['while (1 < 2) f();', 'its condition is always true'],
    ['while (true || x) f();', 'its condition is always true'],
    ['const on = true; while (on) f();', 'its condition is always true'],
    ['const a = 2, b = 3; while (a + b === 5) f();', 'its condition is always true'],
    ['do f(); while (true);', 'its condition is always true'],
    ['do { f(); } while (!false);', 'its condition is always true'],
    ['for (let i = 666; i < Infinity; i++) f(i);', 'its counter never reaches Infinity'],
    ['for (let i = 0; i <= Infinity; i += 5) f(i);', 'its counter never reaches Infinity'],
    ['for (let i = 0; Infinity > i; i++) f(i);', 'its counter never reaches Infinity'],
    ['for (let i = 0; i < Number.POSITIVE_INFINITY; i++) f(i);', 'its counter never reaches Infinity'],
    ["for (let i = 0; i < Number['POSITIVE_INFINITY']; i++) f(i);", 'its counter never reaches Infinity'],
    ['for (let i = 0; i < 1 / 0; i++) f(i);', 'its counter never reaches Infinity'],
    ['const end = 1 / 0; for (let i = 0; i < end; i++) f(i);', 'its counter never reaches Infinity'],
    ['for (let i = 0; i > -Infinity; i--) f(i);', 'its counter never reaches -Infinity'],
    ['for (let i = 1; i > 0; i++) f(i);', 'its counter never reaches 0'],
    ['for (let i = 0; i < 10; i--) f(i);', 'its counter never reaches 10'],
    ['for (let i = 0; i < 10; i += 0) f(i);', 'its counter never reaches 10'],
    ['for (let i = 0; i < 10; i -= 2) f(i);', 'its counter never reaches 10'],
    ['for (let i = 0; i !== 10; i += 3) f(i);', 'its counter never reaches 10'],
    ['for (let i = 11; i != 10; i++) f(i);', 'its counter never reaches 10'],
    ['for (let i = 0; i !== 1; i += 0.3) f(i);', 'its counter never reaches 1'],
    ['for (let i = 0; i !== 1; i += 0.1) f(i);', 'its counter never reaches 1'],
    ['let i = 0; while (i < Infinity) { i++; f(); }', 'its counter never reaches Infinity'],
    ['let i = 0; while (i < Infinity) { i = i + 1; f(); }', 'its counter never reaches Infinity'],
    ['let i = 0; do { i++; } while (i >= 0);', 'its counter never reaches 0'],
    ['let i = 1; while (i) i++;', 'its counter never reaches 0'],
    ['function g(x) { while (x === x) { f(); if (x !== x) break; } }', 'its condition is always true'],
    ['function g(x) { do f(); while (!(x != x)); }', 'its condition is always true'],
  ])('%s', (program, reason) => {
    expect(endless(program)).toEqual([reason]);
  });

  it.each([
    ['with an exit that belongs to another loop', 'while (true) { for (const x of y) break; }'],
    ['with an exit that belongs to a switch', 'while (true) { switch (f()) { case 1: break; } }'],
    ['with a return of another function', 'while (true) { f(() => { return 1; }); }'],
    ['with a throw of another function', 'while (true) { f(function () { throw 1; }); }'],
    ['with a branch that the text rules out', 'while (true) { f(); if (false) break; }'],
    ['with a branch that a constant rules out', 'const stop = false; while (true) { f(); if (stop) break; }'],
    ['with a continue', 'while (true) { if (f()) continue; g(); }'],
    ['with a labelled continue of its own', 'outer: while (true) { for (const x of y) continue outer; }'],
    ['with a break of an inner label', 'while (true) { inner: { if (f()) break inner; } g(); }'],
    ['with a throw that it catches itself', 'while (true) { try { throw f(); } catch { g(); } }'],
    ['in a function that is only called', 'export function start() { while (true) f(); }'],
    ['over a generator without an end', 'function* g() { while (true) yield 1; } for (const x of g()) f(x);'],
    [
      'over a generator that counts for ever',
      'function* g() { let i = 0; for (;;) yield i++; } for (const x of g()) f(x);',
    ],
    ['over a list that it makes longer', 'const list = [1]; for (const x of list) list.push(x);'],
    ['with a condition that only looks as if it changed', 'let on = true; while (on) { const on = false; f(on); }'],
  ])('%s', (_, program) => {
    expect(endless(program)).toHaveLength(1);
  });
});

describe('what a loop asks never changes', () => {
  it.each([
    ['a flag that only others set', 'let on = false; setTimeout(() => { on = true; }, 9); while (!on) {}'],
    ['a flag, while it prints', 'let on = false; f(() => { on = true; }); while (!on) console.log("on");'],
    ['a list of which every turn puts back what it takes', 'const l = [1, 2]; while (l.length) l.push(l.shift());'],
    [
      'a list that every turn makes longer',
      'const l = [1]; while (l.length > 0) { const x = l.pop(); l.unshift(x, x); }',
    ],
    ['a number that doubles until it is Infinity', 'let n = 1; while (n > 0) n *= 2;'],
    ['a number that doubles, written out', 'let n = 1; while (n > 0) { n = n * 2; }'],
    ['numbers that go round', 'for (let n = 1; n !== 10; n = (n + 2) % 7) f(n);'],
    ['the sign of a number', 'let n = 5; while (n !== 0) n = -n;'],
    ['a number that a test decides', 'let n = 6; while (n > 0) n = n % 2 ? 3 * n + 1 : n / 2;'],
    ['turns by the billion', 'for (let i = 0; i < 1e10; i++) f(i);'],
    ['a Map that every turn makes longer', 'const m = new Map([[0, 0]]); for (const [k] of m) m.set(k + 1, k);'],
    [
      'keys of a Map that every turn makes longer',
      'const m = new Map([[0, 0]]); for (const k of m.keys()) m.set(k + 1, 0);',
    ],
    ['a Set that every turn makes longer', 'const s = new Set([{}]); for (const x of s) s.add({ x });'],
  ])('%s', (_, program) => {
    expect(endless(program)).toHaveLength(1);
  });

  it.each([
    ['somebody called may set it', 'let on = false; const set = () => { on = true; }; while (!on) f(set);'],
    [
      'somebody printed may set it',
      'let on = false; const set = () => { on = true; }; while (!on) console.log(f(set));',
    ],
    ['it is never entered', 'const on = false; while (on) {}'],
    ['a turn may leave it', 'let on = f(); while (on) { if (g) break; }'],
    ['it takes more than it gives', 'const l = [1]; while (l.length) { l.shift(); l.pop(); l.push(1); }'],
    [
      'it gives what there may be more or less of',
      'const l = [1]; while (l.length) { l.push(...l.shift().children); }',
    ],
    ['it gives only at times', 'const l = [1]; while (l.length) { const x = l.shift(); if (x > 2) l.push(x); }'],
    ['somebody else has the list', 'const l = [1]; while (l.length) { f(l); l.push(l.shift()); }'],
    ['numbers that come to their end', 'let n = 27; while (n !== 1) n = n % 2 ? 3 * n + 1 : n / 2;'],
    ['turns by the million', 'for (let i = 0; i < 1e6; i++) f(i);'],
    ['turns by the billion, until one finds it', 'for (let i = 0; i < 1e10; i++) { if (f(i)) break; }'],
    ['a number that halves', 'let n = 1; while (n > 0) n /= 2;'],
    ['a number that nobody knows', 'let n = f(); while (n > 0) n = n * 2;'],
    ['a Map whose entries are replaced', 'const m = new Map(f()); for (const [k, v] of m) m.set(k, v + 1);'],
    ['a Set of what it has already', 'const s = new Set(f()); for (const x of s) s.add(x.parent);'],
  ])('but not where %s', (_, program) => {
    expect(endless(program)).toEqual([]);
  });
});

describe('a generator without an end is drained', () => {
  const count = 'function* count() { let n = 0; while (true) yield n++; }';

  it.each([
    ['function* count() { let at = 1; do { yield at++; } while (at); } for (const x of count()) f(x);'],
    ['function* count(x) { while (x === x) yield x; } [...count(1)];'],
    ['function* count() { for (let i = 0; i < Infinity; i++) yield i; } Array.from(count());'],
  ])('%s', (program) => {
    expect(endless(program)).toContain('it drains a generator that never ends');
  });

  it.each([
    ['into a list', 'const l = [...count()];'],
    ['into arguments', 'f(...count());'],
    ['by Array.from', 'const l = Array.from(count());'],
    ['into a Set', 'const s = new Set(count());'],
    ['by way of a variable', 'const c = count(); const l = [...c];'],
    ['by a loop, by way of a variable', 'const c = count(); for (const n of c) f(n);'],
  ])('%s', (_, program) => {
    expect(endless(`${count} ${program}`)).toEqual(['it drains a generator that never ends']);
  });

  it.each([
    ['only its first is taken', 'const [first] = count();'],
    ['it is asked one by one', 'const c = count(); c.next(); c.next();'],
    ['another one is drained', 'function* few() { yield 1; } const l = [...few()];'],
    ['it is only passed on', 'f(count());'],
  ])('but not where %s', (_, program) => {
    expect(endless(`${count} ${program}`)).toEqual([]);
  });
});

describe('a loop may end', () => {
  it.each([
    ['let i = 3; while (i) i--;'],
    ['let i = 1; while (i) { i++; i = f(); }'],
    ['function g(x) { while (x === x) x = f(); }'],
    ['function g(x, y) { while (x === y) f(); }'],
    ['function g(x) { while (x === x) { if (f()) break; } }'],
    ['function* count() { let at = 1; do { yield at++; } while (at < 9); } for (const x of count()) f(x);'],
    ['function* count() { let at = 9; do { yield at--; } while (at); } for (const x of count()) f(x);'],
    ['for (let i = 0; i < 10; i++) f(i);'],
    ['for (let i = 10; i > 0; i--) f(i);'],
    ['for (let i = 10; i--; ) f(i);'],
    ['for (let i = 0; i !== 10; i += 2) f(i);'],
    ['for (let i = 0; i != 10; i++) f(i);'],
    ['for (let i = 10; i !== 0; i -= 5) f(i);'],
    ['for (let i = 1; i < 1e9; i *= 2) f(i);'],
    ['for (let i = 1; i < Infinity; i *= 2) f(i);'],
    ['for (let i = 1; i < Infinity; i += i) f(i);'],
    ['for (let i = 0; i < Infinity; i += 1e300) f(i);'],
    ['for (let i = 0; i < list.length; i++) f(i);'],
    ['for (let i = 0; i < 10; i += step) f(i);'],
    ['for (let i = 20; i < 10; i--) f(i);'],
    ['for (let i = 0; i > 10; i++) f(i);'],
    ['for (let i = 0; i !== 0; i++) f(i);'],
    ['for (let i = 0, n = list.length; i < n; i++) f(i);'],
    ['for (const x of list) f(x);'],
    ['for (const key in object) f(key);'],
    ['while (false) f();'],
    ['do f(); while (false);'],
    ['while (0) f();'],
    ['while (x) f();'],
    ['while (f()) g();'],
    ['while (node = node.next) f(node);'],
    ['while (this.running) f();'],
    ['while (true && x) f();'],
    ['let on = true; while (on) { on = f(); }'],
    ['let on = true; function stop() { on = false; } while (on) f(stop);'],
    ['let i = 0; while (i < Infinity) { i++; if (f(i)) i = Infinity; }'],
    ['let i = 0; while (i >= 0) { i++; if (f()) i -= 100; }'],
    ['while (true) { if (f()) break; }'],
    ['while (true) { if (f()) return; }'],
    ['while (true) { try { return f(); } catch { g(); } }'],
    ['while (true) { try { f(); } finally { break; } }'],
    ['while (true) { switch (f()) { case 1: return; } }'],
    ['outer: while (true) { while (true) { if (f()) break outer; } }'],
    ['outer: for (const x of y) { while (true) { if (f()) continue outer; } }'],
    ['while (true) { if (f()) throw new Error(); }'],
    ['while (true) { process.exit(1); }'],
    ['while (true) fail(); function fail() { throw new Error(); }'],
    ['while (true) { if (a) { if (b) { break; } } }'],
    ['while (true) { try { f(); } catch (error) { throw error; } }'],
    ['while (true) { try { throw f(); } finally { g(); } }'],
    ['while (true) { try { process.exit(); } catch { f(); } }'],
    ['outer: { while (true) { if (f()) break outer; } }'],
    ['for (;;) { const x = f(); if (x === undefined) break; }'],
    ['for (;;) { if (a) continue; else break; }'],
    ['while (true) { await f(); }'],
    ['while (true) { for await (const x of y) f(x); }'],
    ['for await (const x of y) f(x);'],
    ['function* g() { while (true) yield 1; }'],
    ['function* g() { while (true) yield 1; } for (const x of g()) { if (x) break; }'],
    ['function* g() { while (true) yield 1; } const [first] = g();'],
    ['function* g() { let i = 0; while (i < 3) yield i++; } for (const x of g()) f(x);'],
    ['function* g() { while (true) { if (f()) return; yield 1; } } for (const x of g()) h(x);'],
    ['const list = [1]; for (const x of list) { if (f(x)) list.push(x); }'],
    ['const list = [1]; for (const x of other) list.push(x);'],
    ['const re = /x/g; let m; while ((m = re.exec(text)) !== null) f(m);'],
    ['while (Date.now() < end) f();'],
    ['let at = 0; while (at < text.length) { at = next(at); }'],
    ['let left = 3; do { left--; } while (left > 0);'],
    ['let x = 1; while (x) { x = x.parent; }'],
    ['const stop = true; while (true) { f(); if (stop) break; }'],
  ])('%s', (program) => {
    const inside =
      /\breturn\b/.test(program) && !program.includes('function*') ? `function h() { ${program} }` : program;
    expect(endless(inside)).toEqual([]);
  });
});

describe('a function starts itself again without end', () => {
  it.each([
    ['setImmediate', 'function go() { console.log(1); setImmediate(go); } go();'],
    ['process.nextTick', 'function go() { console.log(1); process.nextTick(go); } go();'],
    ['a timer without delay', 'function go() { list.push(1); setTimeout(go, 0); } go();'],
    ['a timer without a delay given', 'function go() { list.push(1); setTimeout(go); } go();'],
    ['an arrow around it', 'function go() { console.log(1); setImmediate(() => go()); } go();'],
    ['an interval without delay', 'setInterval(() => console.log(1), 0);'],
    [
      'two by turns',
      'function a() { console.log(1); setImmediate(b); } function b() { setImmediate(a); } setImmediate(a);',
    ],
  ])('by %s', (_, program) => {
    expect(endless(program)).toEqual(['it starts itself again without end or pause']);
  });

  it.each([
    ['it pauses', 'function go() { console.log(1); setTimeout(go, 1000); } go();'],
    ['a test decides', 'function go() { console.log(1); if (f()) setImmediate(go); } go();'],
    ['it does nothing that piles up', 'function go() { x = 1; setImmediate(go); } go();'],
    ['something else is started', 'function go() { console.log(1); setImmediate(other); } go();'],
    ['it waits for an event', "function go() { console.log(1); emitter.once('x', go); } go();"],
  ])('but not when %s', (_, program) => {
    expect(endless(program)).toEqual([]);
  });
});

describe('a busy wait stops the process', () => {
  it.each(['const end = Date.now() + 1e5; while (Date.now() < end) {}', 'while (new Date() < end);'])(
    '%s',
    (program) => {
      const apis = analyzeFile(program, 'a.js').fns.flatMap(({ behaviors }) => behaviors.map(({ api }) => api));
      expect(apis).toEqual(['busy wait']);
    },
  );
});
