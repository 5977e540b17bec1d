/** Every imitation of a real incident is seen, where it stands; every innocent twin passes. */
import { describe, expect, test } from 'vitest';
import type { Conclusion, Verdict } from '../src/model/verdict.ts';
import type { SourceTree } from '../src/rule.ts';
import { cases } from './corpus/cases.ts';
import { encodings } from './corpus/disguises.ts';
import { judgeTrees, judgeUpdate } from './corpus/judge-update.ts';
import type { Imitation, Sighting } from './corpus/update.ts';
import { makeDeliveries, makeDisguises, makeForms, makeUnfolded, type Variant } from './corpus/variants.ts';

/** Undecided stands below all: it is no sighting. */
const order: readonly Conclusion[] = ['undecided', 'allow', 'review', 'block'];

const imitations = cases.flatMap((one) => one.imitations);
const twins = cases.flatMap((one) => one.twins);

describe('an imitation', () => {
  test.each(imitations)('is seen: $name, $title', async (imitation) => {
    const verdict = await judgeUpdate(imitation);
    expect(verdict.findings.map(describeFinding)).toEqual(
      expect.arrayContaining(imitation.seen.map((sighting) => expectedOf(sighting, imitation))),
    );
    const { owed, atLeast, seen } = imitation;
    // What is owed no longer is to be struck off the case.
    if (owed !== undefined) expect(verdict.result).toBe(atLeast);
    else expect(seen).not.toEqual([]);
    expect(order.indexOf(verdict.result)).toBeGreaterThanOrEqual(order.indexOf(atLeast));
  });
});

const disguisable = imitations.filter(({ payload }) => payload !== undefined);

describe('an imitation is seen in other clothes', () => {
  test.each(disguisable)('in other shapes of the package: $name, $title', async (imitation) => {
    expect(await findMissed(imitation, makeForms(imitation))).toEqual([]);
  });

  test.each(disguisable)('run in another way: $name, $title', async (imitation) => {
    const variants = makeDeliveries(imitation, disguisable.indexOf(imitation));
    expect(await findMissed(imitation, variants)).toEqual([]);
  });

  // What hides how it is spelled may be found for hiding: only the verdict counts.
  test.each(disguisable)('spelled in another way: $name, $title', async (imitation) => {
    const variants = makeDisguises(imitation, disguisable.indexOf(imitation));
    expect(await findMissed({ ...imitation, seen: [] }, variants)).toEqual([]);
  });
});

test.each(encodings)('text that is run is known for decoded: $name', async ({ apply }) => {
  const { findings } = await judgeTrees({ 'index.js': '' }, { 'index.js': apply(`eval('void 0; 1');`) });
  expect(findings).toMatchObject([{ rule: 'decoded-code-executed', level: 'block', at: { line: 1 } }]);
});

/** A hole of the analysis: who closes it moves the spelling to those that are seen. */
test('strings put together in a loop are not understood yet', async () => {
  const missed = await Promise.all(disguisable.map((imitation) => findMissed(imitation, makeUnfolded(imitation))));
  expect(missed.flat()).not.toEqual([]);
});

describe('an innocent twin', () => {
  test.each(twins)('passes: $name, $title', async (twin) => {
    const verdict = await judgeUpdate(twin);
    expect(verdict.findings.filter((finding) => finding.level !== 'notice').map(describeFinding)).toEqual([]);
    expect(verdict.result).toBe('allow');
  });
});

/** Variants whose verdict is too mild, or in which a rule has lost sight of the payload. */
async function findMissed({ atLeast, seen, payload }: Imitation, variants: readonly Variant[]): Promise<string[]> {
  expect(variants).not.toEqual([]);
  const wanted = seen.filter(({ of, path }) => of === payload?.of && path === payload?.path).map(({ rule }) => rule);
  const missed: string[] = [];
  for (const { name, before, after, path } of variants) {
    const { result, findings } = await judgeTrees(before, after);
    const rules = new Set(findings.filter(({ at }) => at.path === path).map(({ rule }) => rule));
    const lost = wanted.filter((rule) => !rules.has(rule));
    if (order.indexOf(result) < order.indexOf(atLeast)) missed.push(`${name}: ${result}`);
    else if (lost.length > 0) missed.push(`${name}: lost ${lost.join(', ')}`);
  }
  return missed;
}

function describeFinding({ rule, kind, package: { name }, at }: Verdict['findings'][number]): object {
  return { rule, kind, name, path: at.path, line: at.line, pointer: at.pointer };
}

function expectedOf({ rule, kind, of, path, on, pointer }: Sighting, imitation: Imitation): object {
  const tree = of === undefined ? imitation.after : (imitation.dependencies?.[of] ?? {});
  const line = on === undefined ? undefined : findLine(tree, path, on);
  const expected = { rule, name: of ?? imitation.name, path, line, pointer };
  return expect.objectContaining(kind === undefined ? expected : { ...expected, kind });
}

function findLine(tree: SourceTree, path: string | undefined, on: string): number {
  const text = path === undefined ? undefined : tree[path];
  const lines = typeof text === 'string' ? text.split('\n') : [];
  const found = lines.flatMap((line, index) => (line.includes(on) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${path} has ${found.length} lines with ${on}: a sighting names one.`);
  return found[0] ?? 0;
}
