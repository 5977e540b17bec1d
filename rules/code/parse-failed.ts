/**
 * A file that could be read before cannot be read now: either the release is broken, or it is written so that tools
 * fail where Node or a browser does not. What was not understood is not clean.
 */
import type { Evidence } from '../../src/model/finding.ts';
import { listNamedFiles } from '../../src/model/named-files.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, shorten } from '../../src/rule.ts';

export const parseFailed: Rule = defineRule({
  id: 'parse-failed',
  family: 'code',
  title: 'A file of JavaScript cannot be read',
  rationale:
    'Nobody can say what the file does. Broken code fails when it is loaded; code that only tools cannot read hides something.',
  remedy:
    'Open the file at the line. Where it is broken, wait for the next release; where it is odd, do not install it.',
  level: 'review',
  incidents: [
    {
      what: 'angular2-now 0.3.17: published with a comma missing, unusable for everybody who updated',
      when: '2015-12-28',
      url: 'https://github.com/pbastowski/angular2-now/issues/46',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files', 'modules'],
  kinds: {
    unreached: {
      level: 'notice',
      about:
        'Nothing that the manifest names leads to the file: a template, a sample, or a source in another language.',
    },
  },
  flags: [
    {
      title: 'the main file, and one that users can only name by its path',
      before: {
        'index.js': 'exports.name = 1;\n',
        'other.js': 'exports.a = 1;\n',
      },
      after: {
        'index.js': 'exports.name = 1;\nconst = 2;\n',
        'other.js': 'exports.a = ;\n',
      },
      expect: [
        { message: 'index.js cannot be read from line 2 on', at: atFile('index.js', 2) },
        {
          kind: 'unreached',
          message: 'other.js cannot be read from line 1 on; nothing leads to it',
          at: atFile('other.js', 1),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'it could not be read before either, or nothing leads to it and users cannot either',
      before: {
        'package.json': { exports: './index.js' },
        'index.js': `require('./template.js');\n`,
        'template.js': 'exports.a = <%= name %>;\n',
        'sample.js': 'exports.a = 1;\n',
      },
      after: {
        'package.json': { exports: './index.js' },
        'index.js': `require('./template.js');\n`,
        'template.js': 'exports.b = <%= name %>;\n',
        'sample.js': 'exports.a = ...;\n',
      },
    },
  ],
  check({ behaviors, files, modules }) {
    if (behaviors.parseFailures.length === 0) return [];
    const entries = modules.after.entries.flatMap(({ path }) => path ?? []);
    const reached = new Set([...listNamedFiles(files.after, entries)].map((file) => file.path));
    const evidence: Evidence<'unreached'>[] = [];
    const unreached: Evidence<never>[] = [];
    for (const { path, line } of behaviors.parseFailures) {
      const message = `${shorten(path)} cannot be read from line ${line} on`;
      (reached.has(path) ? evidence : unreached).push({ message, at: atFile(path, line) });
    }
    const [first, ...others] = unreached;
    if (first === undefined) return evidence;
    const rest =
      others.length === 0 ? '' : `, and ${others.length} more ${others.length === 1 ? 'file' : 'files'} like it`;
    return [...evidence, { kind: 'unreached', message: `${first.message}${rest}; nothing leads to it`, at: first.at }];
  },
});
