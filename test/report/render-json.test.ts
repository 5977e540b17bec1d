import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { factStanding } from '../../src/model/change.ts';
import { renderJson } from '../../src/report/render-json.ts';
import { buildFinding, buildVerdict } from './build-verdict.ts';
import { hostileText, hostileVerdict } from './hostile-verdict.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/verdict.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

function errorsOf(document: unknown): unknown {
  validate(document);
  return validate.errors ?? [];
}

describe('renderJson', () => {
  test.each([
    ['nothing found', buildVerdict()],
    ['a new package', buildVerdict({ subject: { ...buildVerdict().subject, from: undefined } })],
    ['a block', buildVerdict({ result: 'block', findings: [buildFinding({ kind: 'with-shell' })] })],
    ['a hostile package', hostileVerdict()],
  ])('keeps the published schema: %s', (_what, verdict) => {
    expect(errorsOf(JSON.parse(renderJson(verdict)))).toEqual([]);
  });

  test('the schema refuses a key that is missing, unknown or of another type', () => {
    const document = JSON.parse(renderJson(buildVerdict({ findings: [buildFinding()] })));
    const { coverage: _coverage, ...withoutCoverage } = document;
    expect(errorsOf(withoutCoverage)).not.toEqual([]);
    expect(errorsOf({ ...document, more: 1 })).not.toEqual([]);
    expect(errorsOf({ ...document, findings: [{ ...document.findings[0], at: 'lib/index.js:12' }] })).not.toEqual([]);
    expect(errorsOf({ ...document, result: 'green' })).not.toEqual([]);
  });

  test('the schema knows every fact', () => {
    expect(schema.$defs.fact.enum).toEqual(Object.keys(factStanding));
  });

  test('lists every finding, each with all of its keys', () => {
    const findings = [buildFinding(), buildFinding(), buildFinding({ at: { in: 'registry', pointer: '/time' } })];
    const document = JSON.parse(renderJson(buildVerdict({ result: 'block', findings })));
    expect(document.findings).toHaveLength(3);
    expect(document.findings[0]).toEqual({
      rule: 'endless-loop-at-load',
      level: 'block',
      kind: null,
      package: { name: 'sample', version: '1.0.1' },
      message: 'a loop that never ends runs when the package is loaded',
      at: { in: 'tarball', side: 'after', path: 'lib/index.js', line: 12, pointer: null },
      via: ['main', 'lib/index.js'],
      excerpt: [
        { line: 12, text: 'for (let i = 666; i < Infinity; i++) {' },
        { line: 13, text: '\tconsole.log(i);' },
      ],
      why: 'Whoever loads it hangs.',
      remedy: 'Stay on the old version.',
      target: null,
      exemption: null,
    });
    expect(document.findings[2].at).toEqual({
      in: 'registry',
      side: 'after',
      path: null,
      line: null,
      pointer: '/time',
    });
  });

  test('foreign text comes back as it was, and its spelling steers nothing', () => {
    const text = renderJson(hostileVerdict());
    expect(text).not.toMatch(/(?!\n)\p{C}|\u2028|\u2029|\ufe0f|##\[|^\s*::/mu);
    const document = JSON.parse(text);
    expect(document.subject.name).toBe(hostileText);
    expect(document.findings[0].excerpt[0].text).toBe(hostileText);
    expect(document.findings[4].exemption.reason).toBe(hostileText);
  });
});
