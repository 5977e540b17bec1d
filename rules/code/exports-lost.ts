/**
 * Names that the package exported are gone, and its version does not say so. Whoever uses them breaks; and a
 * maintainer who withdraws a package, or an attacker who replaces it, rarely keeps them all.
 */
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, atManifest, defineRule, shorten } from '../../src/rule.ts';

const maxNames = 8;

export const exportsLost: Rule = defineRule({
  id: 'exports-lost',
  family: 'code',
  title: 'Names that the package exported are gone',
  rationale: 'Only a new major may take something away. Code that uses these names stops working with this update.',
  remedy:
    'Search your code for the names. If you use one, stay on the old version and ask whether the removal was meant.',
  level: 'review',
  incidents: [
    {
      what: 'left-pad: what everybody used was gone from one moment to the next',
      when: '2016-03-22',
      url: 'https://arstechnica.com/information-technology/2016/03/rage-quit-coder-unpublished-17-lines-of-javascript-and-broke-the-internet/',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'modules'],
  flags: [
    {
      title: 'two names vanish in a patch release',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\nexports.wrap = () => 3;\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
      expect: [{ message: 'The main entry does not export trim, wrap any more', at: atFile('index.js') }],
    },
    {
      title: 'a name of a module that is still used inside, and exported no more',
      before: {
        'index.mjs': 'export const pad = () => 1;\nexport const all = [pad];\n',
        'package.json': { exports: './index.mjs' },
      },
      after: {
        'index.mjs': 'const pad = () => 1;\nexport const all = [pad];\n',
        'package.json': { exports: './index.mjs' },
      },
      expect: [{ message: 'The main entry does not export pad any more', at: atFile('index.mjs') }],
    },
  ],
  passes: [
    {
      title: 'a new major may take names away',
      to: '2.0.0',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
    },
    {
      title: 'before 1.0 a new minor may as well',
      from: '0.3.4',
      to: '0.4.0',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
    },
    {
      title: 'before 0.1 any release may',
      from: '0.0.3',
      to: '0.0.4',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
    },
    {
      title: 'who goes back to an older release has not what came since',
      from: '1.4.0',
      to: '1.3.9',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
    },
    {
      title: 'the same names, exported in another style',
      before: { 'index.js': 'exports.pad = () => 1;\nexports.trim = () => 2;\n' },
      after: { 'index.js': 'const trim = () => 2;\nconst pad = () => 1;\nmodule.exports = { pad, trim };\n' },
    },
    {
      title: 'names that say themselves that they are internal',
      before: { 'index.js': 'exports.pad = () => 1;\nexports._cache = {};\n' },
      after: { 'index.js': 'exports.pad = () => 1;\n' },
    },
  ],
  check({ files, modules, subject }) {
    // Names are worked out when they are asked for, and that takes longer than any other rule.
    if (mayBreak(subject.from, subject.to)) return [];
    const before = modules.before?.exportedNames;
    const after = before && modules.after.exportedNames;
    if (before === undefined || after === undefined) return [];
    const entry = modules.after.entries.find((candidate) => candidate.path !== undefined && candidate.kind !== 'hook');
    const file = entry?.path === undefined ? undefined : files.after.files.get(entry.path);
    const missing = [...before].filter((name) => !after.has(name) && !isInternal(name));
    if (missing.length === 0) return [];
    // What a module exports stands in its declarations; elsewhere a name that the file still holds may be exported in a way
    // that cannot be told from its text.
    const text = file === undefined ? '' : textOf(file);
    const words = new Set(/^\s*export\b/m.test(text) ? [] : (text.match(/[\w$]+/g) ?? []));
    const lost = missing.filter((name) => !words.has(name)).toSorted();
    if (lost.length === 0) return [];
    const listed = lost.slice(0, maxNames).map((name) => shorten(name, 40));
    const rest = lost.length > maxNames ? ` and ${lost.length - maxNames} more names` : '';
    const message = `The main entry does not export ${listed.join(', ')}${rest} any more`;
    return [{ message, at: file === undefined ? atManifest('main') : atFile(file.path) }];
  },
});

function isInternal(name: string): boolean {
  return name.startsWith('_') || name === 'default';
}

/** Another major; before 1.0 another minor, before 0.1 any other; what comes after a prerelease; and who goes back. */
function mayBreak(from: string | undefined, to: string): boolean {
  const [old, now] = [readNumbers(from ?? ''), readNumbers(to)];
  if (old === undefined || now === undefined || old.isPrerelease) return true;
  if (old.major !== now.major) return true;
  return old.major === '0' ? old.minor !== now.minor || old.minor === '0' : isLower(now, old);
}

function isLower(one: Numbers, other: Numbers): boolean {
  const [minor, otherMinor] = [Number(one.minor), Number(other.minor)];
  return minor < otherMinor || (minor === otherMinor && Number(one.patch) < Number(other.patch));
}

interface Numbers {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  readonly isPrerelease: boolean;
}

function readNumbers(version: string): Numbers | undefined {
  const [, major, minor, patch, rest] = /^[v=\s]*(\d+)\.(\d+)\.(\d+)(.*)$/.exec(version) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major, minor, patch, isPrerelease: rest?.startsWith('-') === true };
}
