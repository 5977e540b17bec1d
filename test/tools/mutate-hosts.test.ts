import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { judgeTarballs } from '../../src/guard.ts';
import { textOf } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { type Host, judgeHost } from '../../tools/mutate/judge-host.ts';
import { isTreeMechanism, type Sides } from '../../tools/mutate/mechanism.ts';
import { mechanisms } from '../../tools/mutate/mechanisms.ts';
import { type Mutant, planMutants, type Wishes } from '../../tools/mutate/plan-mutants.ts';
import { parseCode } from '../../tools/mutate/rewrite-code.ts';
import { buildTarball, type TarballFiles } from '../support/build-tarball.ts';

const all: Wishes = { seed: 7, mechanisms: [], encodings: [], places: [], oneIn: 1 };
/** What is quick to make. */
const plainNames = ['plain', ...mechanisms.flatMap((one) => (isTreeMechanism(one) ? Object.keys(one.ways) : []))];
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

const commonJs = (version: string): TarballFiles => ({
  'package.json': JSON.stringify({
    name: 'sample',
    version,
    main: 'index.js',
    module: 'dist/sample.mjs',
    bin: { sample: 'bin/run.js' },
  }),
  'index.js': `'use strict';\nconst part = require('./lib/part.js');\nexports.join = (a, b) => part.glue(a, b);\nexports.version = '${version}';\n`,
  'lib/part.js': `exports.glue = (a, b) => a + b;\n${lines(300, (at) => `exports.part${at} = ${at};`)}\n`,
  'dist/sample.mjs': `export const join = (a, b) => a + b;\nexport const version = '${version}';\n`,
  'bin/run.js': `#!/usr/bin/env node\nconst sample = require('../index.js');\nsample.join('a', 'b');\n`,
});
const esm = (version: string): TarballFiles => ({
  'package.json': JSON.stringify({ name: 'sample', version, type: 'module', exports: './index.js' }),
  'index.js': `import { glue } from './part.js';\nexport function join(a, b) {\n  return glue(a, b);\n}\nexport const version = '${version}';\n`,
  'part.js': 'export const glue = (a, b) => a + b;\n',
});

async function hostOf(make: (version: string) => TarballFiles): Promise<Host> {
  const [before, after] = await Promise.all(
    ['1.4.0', '1.4.1'].map((version) => readTarball(buildTarball(make(version)))),
  );
  if (before === undefined || after === undefined) throw new Error('two tarballs make a host');
  return { name: 'sample', from: '1.4.0', to: '1.4.1', sides: { before, after } };
}

const hosts: readonly (readonly [string, (version: string) => TarballFiles])[] = [
  ['CommonJS', commonJs],
  ['modules', esm],
];

describe.each(hosts)('a host in %s', (_, make) => {
  it('carries mutants that parse', async () => {
    const wrong: string[] = [];
    for (const mutant of planMutants(await hostOf(make), mechanisms, { ...all, oneIn: 12 })) {
      if (mutant.code !== undefined && !parses(mutant.code)) wrong.push(nameOf(mutant));
    }
    expect(wrong).toEqual([]);
  });

  it('names only hosts that nobody answers for', async () => {
    const host = await hostOf(make);
    const named = [...planMutants(host, mechanisms, { ...all, encodings: plainNames })].flatMap((mutant) =>
      [...textsOf(mutant.sides).matchAll(/\w:\/\/(?:\w+@)?([\w.-]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !isInert(name))).toEqual([]);
  });

  it('gets the same mutant when that one alone is asked for', async () => {
    const host = await hostOf(make);
    const mutants = [...planMutants(host, mechanisms, { ...all, oneIn: 12 })];
    for (const mutant of mutants.filter((_one, index) => index % 40 === 0)) {
      const { mechanism, encoding, place } = mutant;
      const wish = { ...all, mechanisms: [mechanism], encodings: [encoding], places: [place] };
      const again = [...planMutants(host, mechanisms, wish)];
      expect(again.map(contentsOf)).toContainEqual(contentsOf(mutant));
    }
    expect(mutants.length).toBeGreaterThan(200);
  });

  it('changes what another seed makes of it', async () => {
    const host = await hostOf(make);
    const wish = { ...all, mechanisms: ['npmrc-sent'] };
    const codes = (seed: number): unknown =>
      [...planMutants(host, mechanisms, { ...wish, seed })].map(({ code }) => code);
    expect(codes(1)).not.toEqual(codes(2));
  });

  it('has no mutant that is the host itself', async () => {
    const host = await hostOf(make);
    const own = textsOf(host.sides);
    for (const mutant of planMutants(host, mechanisms, { ...all, oneIn: 12 })) {
      expect(textsOf(mutant.sides), nameOf(mutant)).not.toBe(own);
    }
  });

  it('is judged as its tarballs would be', async () => {
    const host = await hostOf(make);
    const judge = judgeHost(host);
    const mutants = [...planMutants(host, mechanisms, { ...all, oneIn: 12 })];
    for (const mutant of mutants.filter((_one, index) => index % 10 === 0)) {
      const packed = await judgeTarballs(pack(mutant.sides), {
        rules,
        policy: defaultPolicy,
        engine: '0.0.0',
        asOf: '2026-01-01T00:00:00.000Z',
      });
      const direct = await judge(mutant.sides);
      const seen = ({ findings }: typeof direct): unknown =>
        findings.map(({ rule, kind, level, message, at }) => ({ rule, kind, level, message, at }));
      expect(seen(direct), nameOf(mutant)).toEqual(seen(packed));
      expect(direct.result).toBe(packed.result);
    }
  });
});

describe('the table of mechanisms', () => {
  it('names each mechanism once, and a rule for it', () => {
    const ids = mechanisms.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(mechanisms.filter(({ id, rule }) => !isName(id) || !isName(rule))).toEqual([]);
  });

  it('finds a host for every mechanism', async () => {
    const made = await Promise.all(hosts.map(([, make]) => hostOf(make)));
    const without = mechanisms.filter((mechanism) => {
      const encodings = isTreeMechanism(mechanism) ? [] : (mechanism.encodings ?? ['plain']);
      const wish = { ...all, encodings };
      return !made.some((host) => [...planMutants(host, [mechanism], wish)].some(({ demand }) => demand !== undefined));
    });
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it('has an honest twin for every mechanism', () => {
    expect(mechanisms.filter(({ twins }) => Object.keys(twins).length === 0)).toEqual([]);
  });

  it('has as many honest edits as attacks of code', async () => {
    const code = new Set(mechanisms.filter((one) => !isTreeMechanism(one)).map(({ id }) => id));
    const mutants = [...planMutants(await hostOf(commonJs), mechanisms, { ...all, oneIn: 8 })].filter(({ mechanism }) =>
      code.has(mechanism),
    );
    const twins = mutants.filter(({ demand }) => demand === undefined);
    expect(twins.length).toBe(mutants.length - twins.length);
  });
});

function isName(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(text);
}

/** Names that never resolve, addresses that are never routed, and this machine. */
function isInert(host: string): boolean {
  return /(?:\.|^)invalid$|^192\.0\.2\.|^169\.254\.|^127\.0\.0\.1$/.test(host);
}

function parses(code: string): boolean {
  try {
    return parseCode(code).end === code.length;
  } catch {
    return false;
  }
}

function nameOf({ mechanism, encoding, place, delivery, system }: Mutant): string {
  return `${mechanism} / ${encoding} / ${place} / ${delivery} / ${system}`;
}

function contentsOf(mutant: Mutant): unknown {
  return { name: nameOf(mutant), code: mutant.code, texts: textsOf(mutant.sides) };
}

function textsOf({ before, after }: Sides): string {
  return [before, after]
    .flatMap((tree) => [...tree.files.values()].map((file) => `${file.path}\n${textOf(file)}`).sort())
    .join('\n');
}

function pack({ before, after }: Sides): Parameters<typeof judgeTarballs>[0] {
  const tarball = (tree: Sides['after']): Uint8Array =>
    buildTarball(Object.fromEntries([...tree.files.values()].map(({ path, bytes }) => [path, bytes])));
  return {
    before: { path: 'before.tgz', bytes: tarball(before) },
    after: { path: 'after.tgz', bytes: tarball(after) },
  };
}
