/**
 * A limit was reached, or the tarball is one that npm's own packer does not make: part of it was not understood, or
 * is read differently by different programs. Padding a file until tools give up is an attack of its own.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { PackageTree, TarballAnomaly } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, evidenceOf, shorten } from '../../src/rule.ts';

/** What is there to be read by people, as far as no code names it. */
const notes = /^(?:licen[cs]e|readme|notice|changelog|history|authors|contributors|copying)(?:[.-]\w+)*$/i;
/** What other packers leave behind, and no reader trips over. */
const harmless: ReadonlySet<TarballAnomaly['kind']> = new Set(['trailing-bytes', 'outside-root', 'bad-header']);

const longest = `let n = 0;
for (let i = 0; i < 5e6; i += 1) n += i;
const pick = (numbers) => { let out = ''; for (const one of numbers) out += 'ab();'[one % 5]; return out; };
`;

export const notFullyRead: Rule = defineRule({
  id: 'not-fully-read',
  family: 'code',
  title: 'Part of the package could not be looked at',
  rationale: 'What was not read is not clean. Archives and code made to exhaust a reader hide what stands behind.',
  remedy: 'Look at the named file yourself, or stay on the old version.',
  level: 'review',
  incidents: [
    {
      what: 'node-tar: links and odd paths in a tarball led unpacking out of its folder (CVE-2021-37701)',
      when: '2021-08-31',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2021-37701',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files'],
  kinds: {
    'odd-tarball': {
      level: 'notice',
      about:
        'The tarball was made by another packer, and npm and Sluice read it alike; or two notes to people differ only by case.',
    },
  },
  flags: [
    {
      title: 'a file that is nested too deeply',
      before: { 'index.js': '' },
      after: { 'index.js': '' },
      facts: {
        behaviors: {
          known: true,
          value: {
            added: [],
            parseFailures: [],
            knownKinds: new Set(),
            knownInInstall: new Set(),
            unread: [{ path: 'index.js', why: 'too-deep', detail: 'nested deeper than 5,000 levels' }],
          },
        },
      },
      expect: [
        {
          message: 'index.js was not read to its end: nested deeper than 5,000 levels',
          at: atFile('index.js'),
        },
      ],
    },
    {
      title: 'a text that is run on loading, and takes too long to find out',
      before: { 'index.js': '' },
      after: {
        'index.js': `${longest}eval(pick([1, n]));\n`,
      },
      expect: [
        {
          message: 'eval runs what could not be found out: acting the file out took more steps than the limit',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a tarball with a link and bytes behind its end, which the old one had not',
      before: {},
      after: {},
      facts: {
        files: {
          known: true,
          value: {
            before: { files: new Map(), anomalies: [], unpackedBytes: 0 },
            after: {
              files: new Map(),
              anomalies: [
                { kind: 'link', path: 'package/config', detail: 'leads to ../../.npmrc' },
                { kind: 'trailing-bytes', path: '', detail: '12 bytes' },
              ],
              unpackedBytes: 0,
            },
            added: [],
            removed: [],
            changed: [],
            moved: [],
            unchanged: [],
          },
        },
      },
      expect: [
        { message: 'The tarball holds a link: package/config, leads to ../../.npmrc', at: atFile('package/config') },
        { kind: 'odd-tarball', message: 'The tarball holds trailing bytes: 12 bytes', at: { in: 'tarball' } },
      ],
    },
    {
      title: 'two licences that differ only by case, and two files of code',
      before: {},
      after: {},
      facts: {
        files: {
          known: true,
          value: {
            before: { files: new Map(), anomalies: [], unpackedBytes: 0 },
            after: {
              files: new Map(),
              anomalies: [
                { kind: 'case-collision', path: 'package/LICENSE', detail: 'as license' },
                { kind: 'case-collision', path: 'package/Index.js', detail: 'as index.js' },
              ],
              unpackedBytes: 0,
            },
            added: [],
            removed: [],
            changed: [],
            moved: [],
            unchanged: [],
          },
        },
      },
      expect: [
        {
          kind: 'odd-tarball',
          message: 'The tarball holds a case collision: package/LICENSE, as license',
          at: atFile('package/LICENSE'),
        },
        {
          message: 'The tarball holds a case collision: package/Index.js, as index.js',
          at: atFile('package/Index.js'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the same when a user calls it, and where the old version had it',
      before: { 'old.js': `${longest}eval(pick([1, n]));\n` },
      after: {
        'old.js': `${longest} eval(pick([1, n]));\n`,
        'index.js': `${longest}exports.run = () => eval(pick([1, n]));\n`,
      },
    },
    { title: 'everything was read', before: { 'index.js': '' }, after: { 'index.js': 'exports.a = 1;\n' } },
    {
      title: 'the old tarball was as odd',
      before: {},
      after: {},
      facts: {
        files: {
          known: true,
          value: {
            before: {
              files: new Map(),
              anomalies: [{ kind: 'case-collision', path: 'package/A.js', detail: 'a.js' }],
              unpackedBytes: 0,
            },
            after: {
              files: new Map(),
              anomalies: [{ kind: 'case-collision', path: 'package/A.js', detail: 'a.js' }],
              unpackedBytes: 0,
            },
            added: [],
            removed: [],
            changed: [],
            moved: [],
            unchanged: [],
          },
        },
      },
    },
  ],
  check({ behaviors, files }) {
    const unread = behaviors.unread.map(({ path, detail }): Evidence<never> => {
      const message = `${shorten(path)} was not read to its end: ${shorten(detail, 160)}`;
      return { message, at: atFile(path) };
    });
    const unseen = behaviors.added
      .filter(({ kind }) => kind === 'unseen-run')
      .map((behavior): Evidence<never> => {
        const message = `${behavior.api} runs what could not be found out: acting the file out took more steps than the limit`;
        return evidenceOf(behavior, message);
      });
    return [...unread, ...unseen, ...findNewAnomalies(files.before, files.after)];
  },
});

function findNewAnomalies(before: PackageTree | undefined, after: PackageTree): Evidence<'odd-tarball'>[] {
  const old = new Set((before?.anomalies ?? []).map(({ kind, path }) => `${kind} ${path}`));
  return after.anomalies
    .filter(({ kind, path }) => !old.has(`${kind} ${path}`))
    .map(({ kind, path, detail }) => {
      const where = path === '' ? '' : `${shorten(path)}, `;
      const message = `The tarball ${nameOf(kind)}: ${where}${shorten(detail, 160)}`;
      const at = path === '' ? ({ in: 'tarball' } as const) : atFile(path);
      return harmless.has(kind) || (kind === 'case-collision' && isOfNotes(path, after))
        ? { kind: 'odd-tarball', message, at }
        : { message, at };
    });
}

/** Two licences of which some systems keep one. Code that names either may mean the other. */
function isOfNotes(path: string, { files }: PackageTree): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!notes.test(name)) return false;
  const stem = name.toLowerCase().replace(/[.-].*/s, '');
  const forms = ['"', "'", '`'].flatMap((quote) => [`${quote}${stem}`, `/${stem}${quote}`, `/${stem}.`]);
  return ![...files.values()].some((file) => {
    const text = file.format === 'javascript' ? textOf(file).toLowerCase() : '';
    return forms.some((form) => text.includes(form));
  });
}

function nameOf(kind: TarballAnomaly['kind']): string {
  if (kind === 'not-read') return 'was not read to its end';
  const words = kind.replaceAll('-', ' ');
  return kind === 'trailing-bytes' ? `holds ${words}` : `holds ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
