import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import type { Edge, FileSummary } from '../../src/behavior/summary/file-summary.ts';
import { parseSummary, renderSummary } from '../../src/behavior/summary/summary-text.ts';

const summaryOf = (edges: readonly Edge[]): FileSummary => ({
  fns: [{ name: '', behaviors: [], edges, loads: [] }],
  exports: { fns: new Map([['__proto__', [0]]]), names: new Set(['', '__proto__']), from: [], complete: true },
  failure: undefined,
  unread: { why: 'too-long', detail: '\ud800 \u2028' },
  asks: ['./other'],
});
const plain: Edge = { to: { fn: 3 }, guards: [], conditional: false, deferred: false, caught: false };

describe('a summary as text', () => {
  it.each<[string, Edge]>([
    ['plain', plain],
    ['conditional', { ...plain, conditional: true }],
    ['deferred', { ...plain, deferred: true }],
    ['caught', { ...plain, caught: true }],
    [
      'all of these, in a long file',
      { ...plain, to: { fn: 1_000_000 }, conditional: true, deferred: true, caught: true },
    ],
    ['guarded', { ...plain, guards: [{ test: 'host', line: 1, text: 'os.hostname() === "a"' }] }],
    ['to another file', { ...plain, to: { specifier: './a', member: '' } }],
    ['with more to say than today', Object.assign({ later: true }, plain)],
  ])('has every edge as it was: %s', (_, edge) => {
    const summary = summaryOf([plain, edge, plain]);
    expect(parseSummary(renderSummary(summary))).toEqual(summary);
  });

  it('has every function as it was, with more to say than today too', () => {
    const idle = { name: '"', behaviors: [], edges: [], loads: [] };
    const fns = [idle, Object.assign({ later: [1] }, idle), { ...idle, name: '' }];
    expect(parseSummary(renderSummary({ ...summaryOf([]), fns }))).toEqual({ ...summaryOf([]), fns });
  });

  it('is the same of a file that does all sorts of things', () => {
    const text = `
      const { exec } = require('child_process');
      module.exports = { run, later: () => setTimeout(run, 10), ...require('./more') };
      function run() { if (require('os').hostname() === 'x') exec('id'); else require('./other').go(); }
      try { run(); } catch {}
      for (const name of ['fs', 'net']) require(name);
    `;
    const summary = analyzeFile(text, 'index.js');
    expect(summary.fns.flatMap(({ behaviors }) => behaviors)).not.toEqual([]);
    expect(parseSummary(renderSummary(summary))).toEqual(summary);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"fns":[],"exports":[[],[],[]]}',
    '{"fns":[],"exports":[[],[],[],1]}',
    '{"fns":[],"exports":[[["a",1]],[],[],true]}',
    '{"fns":[null],"exports":[[],[],[],true]}',
    '{"fns":[{"behaviors":[],"edges":["a"],"loads":[]}],"exports":[[],[],[],true]}',
    '{"fns":[{"behaviors":[],"edges":[1.5],"loads":[]}],"exports":[[],[],[],true]}',
    '{"fns":[{"behaviors":{},"edges":[],"loads":[]}],"exports":[[],[],[],true]}',
  ])('is refused where it is none: %s', (text) => {
    expect(() => parseSummary(text)).toThrow();
  });
});
