import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { renderCheckJson } from '../../src/report/render-check-json.ts';
import { buildCheck, buildPackage, largeCheck, mixedCheck } from './build-check.ts';
import { hostileCheck } from './hostile-check.ts';
import { hostileText } from './hostile-verdict.ts';

const schema = loadSchema('check');
const verdictSchema = loadSchema('verdict');
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

function loadSchema(name: string) {
  return JSON.parse(readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8'));
}

function errorsOf(document: unknown): unknown {
  validate(document);
  return validate.errors ?? [];
}

describe('renderCheckJson', () => {
  test.each<[string, CheckVerdict]>([
    ['nothing changed', buildCheck({ packages: [] })],
    ['one package that passes', buildCheck()],
    ['a whole tree', buildCheck({ base: undefined, project: undefined })],
    [
      'a lockfile that blocks by itself',
      buildCheck({ stopped: true, packages: [buildPackage({ release: undefined, unread: 'blocked-before' })] }),
    ],
    ['every kind of finding', mixedCheck()],
    ['many packages', largeCheck(40)],
    ['a hostile change', hostileCheck()],
  ])('keeps the published schema: %s', (_what, check) => {
    expect(errorsOf(JSON.parse(renderCheckJson(check)))).toEqual([]);
  });

  test('the schema refuses a key that is missing, unknown or of another type, at every level', () => {
    const document = JSON.parse(renderCheckJson(mixedCheck()));
    const [first, ...others] = document.packages;
    const { line: _line, ...withoutLine } = first;
    const { stopped: _stopped, ...withoutStopped } = document;
    for (const wrong of [
      withoutStopped,
      { ...document, more: 1 },
      { ...document, packages: [withoutLine, ...others] },
      { ...document, packages: [{ ...first, result: 'green' }, ...others] },
      { ...document, patch: { ...document.patch, text: '{}' } },
      { ...document, findings: [{ ...document.findings[0], at: 'lib/index.js:12' }] },
    ]) {
      expect(errorsOf(wrong)).not.toEqual([]);
    }
  });

  test('what it shares with the verdict on one package is written alike in both schemas', () => {
    for (const [name, definition] of Object.entries(verdictSchema.$defs)) {
      expect([name, schema.$defs[name]]).toEqual([name, definition]);
    }
  });

  test('lists every finding once, worst first, and says which packages are held back by another', () => {
    const document = JSON.parse(renderCheckJson(mixedCheck()));
    const told = document.findings.map(
      ({ rule, level, package: about, at }: Record<string, Record<string, unknown>>) => [
        level,
        rule,
        about?.['name'],
        at?.['line'],
      ],
    );
    expect(told).toEqual([
      ['block', 'endless-loop-at-load', 'tick-tock', 12],
      ['review', 'gate-edited', 'app', 3],
      ['review', 'unforced-change', 'ripple', 842],
      ['review', 'unforced-change', 'ripple', 1_210],
      ['review', 'network-added', 'seedling', 4],
    ]);
    expect(document.packages[3]).toEqual({
      name: 'garden',
      from: '5.0.0',
      to: '5.1.0',
      kind: 'updated',
      direct: true,
      why: ['app', 'garden@5.1.0'],
      locations: ['node_modules/garden'],
      line: 120,
      publishedAt: '2025-12-01T00:00:00.000Z',
      result: 'review',
      heldBackBy: ['seedling@0.1.0'],
      verdictId: 'sha256-garden@5.1.0',
      integrity: { from: 'sha512-garden-5.0.0', to: 'sha512-garden-5.1.0' },
      unread: null,
    });
  });

  test('is the same text for the same check', () => {
    expect(renderCheckJson(mixedCheck())).toBe(renderCheckJson(mixedCheck()));
  });

  test('foreign text comes back as it was, and its spelling steers nothing', () => {
    const text = renderCheckJson(hostileCheck());
    expect(text).not.toMatch(/(?!\n)\p{C}|\u2028|\u2029|\ufe0f|##\[|^\s*::/mu);
    const document = JSON.parse(text);
    expect(document.packages[0].why[0]).toBe(hostileText);
    expect(document.patch.takes[0].name).toBe(hostileText);
    expect(document.lockfile).toBe(hostileText);
  });
});
