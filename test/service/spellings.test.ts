/** Two spellings of one package are one question, and two packages never are. */
import { describe, expect, it } from 'vitest';
import { parseQuestion } from '../../src/service/parse-question.ts';
import { createRandom } from '../support/random.ts';
import { startListening } from './ask-over-http.ts';

const hex = (character: string, upper: boolean): string => {
  const code = character.charCodeAt(0).toString(16).padStart(2, '0');
  return `%${upper ? code.toUpperCase() : code}`;
};

describe('a purl', () => {
  it('is the same question however its characters are encoded', async () => {
    const random = createRandom(5);
    const spell = (text: string) =>
      [...text].map((one) => (random.below(3) === 0 && one !== '/' ? hex(one, random.below(2) === 0) : one)).join('');
    for (const [name, version] of [
      ['left-pad', '1.3.0'],
      ['@scope/name', '1.2.3-beta.1'],
      ['JSONStream', '1.0.0+build.7'],
      ['some_name.js', '0.0.1-rc'],
    ] as const) {
      const plain = parseQuestion({ purl: `pkg:npm/${name}@${version}` });
      expect(plain).toMatchObject({ name, to: version });
      for (let turn = 0; turn < 200; turn += 1) {
        const purl = `pkg:npm/${spell(name)}@${spell(version)}`;
        expect({ purl, ...parseQuestion({ purl }) }).toEqual({ purl, ...plain });
      }
    }
  });

  it('of another package is another question, or none', async () => {
    const spellings = [
      'pkg:npm/%40scope/name@1.0.0',
      'pkg:npm/%40Scope/name@1.0.0',
      'pkg:npm/%40scope/Name@1.0.0',
      'pkg:npm/name@1.0.0',
      'pkg:npm/Name@1.0.0',
      'pkg:npm/name@1.0.0-0',
      'pkg:npm/name@1.0.0+0',
      'pkg:npm/scope-name@1.0.0',
      'pkg:npm/scope_name@1.0.0',
      'pkg:npm/scope.name@1.0.0',
      // Each of these looks like one of those above, to somebody who decodes once more, folds or trims.
      'pkg:npm/scope/name@1.0.0',
      'pkg:npm/%40scope%2Fname@1.0.0',
      'pkg:npm/%2540scope/name@1.0.0',
      'pkg:npm/%40scope%252Fname@1.0.0',
      'pkg:npm/na%256De@1.0.0',
      'pkg:npm/n\u0430me@1.0.0',
      'pkg:npm/nam\u0435@1.0.0',
      'pkg:npm/\uff4eame@1.0.0',
      'pkg:npm/name%CC%81@1.0.0',
      'pkg:npm/%6eam%C4%B1@1.0.0',
      'pkg:npm/name%00@1.0.0',
      'pkg:npm/name%20@1.0.0',
      'pkg:npm/ name@1.0.0',
      'pkg:npm/name\u200b@1.0.0',
      'pkg:npm/name+@1.0.0',
      'pkg:npm//name@1.0.0',
      'pkg:npm/name/@1.0.0',
      'pkg:npm/./name@1.0.0',
      'pkg:npm/x/../name@1.0.0',
      'pkg:npm/name@1.0.0/../2.0.0',
      'pkg:npm/name@1.0.0%2F..%2F2.0.0',
      'pkg:npm/name@1.0.0@2.0.0',
      'pkg:npm/name%401.0.0@2.0.0',
      'pkg:npm/name@\u0661.0.0',
      'pkg:npm/name@1.0.0 ',
      'pkg:npm/name@1.0',
      'pkg:pypi/name@1.0.0',
      'pkg:npm/name@1.0.0#sub',
      'pkg:npm/name@1.0.0?repository_url=https://elsewhere.invalid',
    ];
    const { askOverHttp, service, little } = await startListening({ limits: { maxWaiting: 100, drainSeconds: 0 } });
    // None of them has an answer before all were asked.
    for (const name of ['@scope/name', '@Scope/name', '@scope/Name', 'name', 'Name'])
      little.fail(name, { kind: 'hang' });
    for (const name of ['scope-name', 'scope_name', 'scope.name']) little.fail(name, { kind: 'hang' });
    const names = new Map<string, string[]>();
    for (const purl of spellings) {
      const { status, json } = await askOverHttp(`/v1/verdicts?purl=${encodeURIComponent(purl)}`);
      expect([purl, status]).toEqual([purl, expect.toBeOneOf([202, 400])]);
      if (status === 202) names.set(json.location, [...(names.get(json.location) ?? []), purl]);
    }
    expect([...names.values()].filter((alike) => alike.length > 1)).toEqual([]);
    expect([...names.values()].flat()).toEqual(spellings.slice(0, 10));
    expect(service.jobs.count).toBe(10);
  });
});

describe('the parts of a question', () => {
  it('do not run into each other', async () => {
    const { service } = await startListening();
    const name = (purl: string, from?: string) =>
      service.questions.nameOf(parseQuestion({ purl, ...(from === undefined ? {} : { from }) }));
    const asked = [
      name('pkg:npm/a@1.0.0'),
      name('pkg:npm/a@1.0.0', '1.0.0'),
      name('pkg:npm/a@1.0.0', '0.0.1'),
      name('pkg:npm/a@0.0.1', '1.0.0'),
      name('pkg:npm/a-1@1.0.0'),
      name('pkg:npm/a@1.1.0-0'),
      name('pkg:npm/a@1.0.0-0', '1.0.0'),
      name('pkg:npm/a@1.0.0', '1.0.0-0'),
    ];
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('that are given twice are refused', async () => {
    const { askOverHttp } = await startListening();
    for (const query of ['purl=pkg:npm/a@1.0.0&purl=pkg:npm/b@1.0.0', 'purl=pkg:npm/a@1.0.0&from=1.0.0&from=2.0.0']) {
      expect((await askOverHttp(`/v1/verdicts?${query}`)).status).toBe(400);
    }
  });
});
