/**
 * A registry in a process of its own, for `bench/service.ts`: packages of made-up code, each version another, so that every
 * update between two of them has to be read. Tells its address once it listens.
 */
import { createRandom, type Random } from '../test/support/random.ts';
import { startRegistry } from '../test/support/registry.ts';
import { packageCount, packageName, versions } from './made-up-packages.ts';

const functionsPerFile = 60;
const filesPerPackage = 8;
const words = ['read', 'list', 'merge', 'parse', 'store', 'value', 'index', 'total', 'entry', 'chunk'] as const;

const random = createRandom(5);
const packages = Object.fromEntries(
  Array.from({ length: packageCount }, (_, at) => [
    packageName(at),
    { versions: Object.fromEntries(versions.map((version) => [version, { files: writeFiles(random) }])) },
  ]),
);
const { url } = await startRegistry({ packages });
process.send?.(url);

function writeFiles(random: Random): Readonly<Record<string, string>> {
  const names = Array.from({ length: filesPerPackage }, (_, at) => `lib/part-${at}.js`);
  const index = names.map((name, at) => `exports.part${at} = require('./${name}');\n`).join('');
  return { 'index.js': index, ...Object.fromEntries(names.map((name) => [name, writeCode(random)])) };
}

/** Some 20 KB. */
function writeCode(random: Random): string {
  const name = (): string => `${random.pick(words)}${random.below(1_000)}`;
  return Array.from({ length: functionsPerFile }, (_, at) => {
    const [first, second] = [name(), name()];
    return [
      `exports.${random.pick(words)}${at} = function (${first}, options) {`,
      `  const ${second}Of = (options && options.${random.pick(words)}) || '${name()}';`,
      `  for (let at = ${random.below(50)}; at < ${first}.length; at += 1) {`,
      `    if (${first}[at] === ${second}Of || typeof ${first}[at] !== 'string') continue;`,
      `    ${first}[at] = ${first}[at].replace(/${name()}/g, '${name()}') + String(${random.below(9_999)});`,
      '  }',
      `  return { ${random.pick(words)}: ${first}.map((one) => one.trim()), kept: ${second}Of };`,
      '};',
      '',
    ].join('\n');
  }).join('\n');
}
