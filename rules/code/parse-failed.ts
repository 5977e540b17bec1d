/**
 * A file that could be read before cannot be read now: either the release is broken, or it is written so that tools
 * fail where Node or a browser does not. What was not understood is not clean.
 */
import type { Evidence } from '../../src/model/finding.ts';
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
  needs: ['behaviors', 'modules'],
  kinds: {
    unreached: { level: 'notice', about: 'Nothing that the manifest names leads to the file.' },
  },
  flags: [
    {
      title: 'the main file, and one that nothing leads to',
      before: {
        'package.json': { exports: './index.js' },
        'index.js': 'exports.name = 1;\n',
        'other.js': 'exports.a = 1;\n',
      },
      after: {
        'package.json': { exports: './index.js' },
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
      title: 'it could not be read before either',
      before: { 'index.js': '', 'template.js': 'exports.a = <%= name %>;\n' },
      after: { 'index.js': '', 'template.js': 'exports.b = <%= name %>;\n' },
    },
  ],
  check({ behaviors, modules }) {
    const evidence: Evidence<'unreached'>[] = [];
    const unreached: Evidence<never>[] = [];
    for (const failure of behaviors.parseFailures) {
      const isReached = (modules.after.tiers.get(failure.path) ?? 'unreached') !== 'unreached';
      const message = `${shorten(failure.path)} cannot be read from line ${failure.line} on`;
      if (isReached) evidence.push({ message, at: atFile(failure.path, failure.line) });
      else unreached.push({ message, at: atFile(failure.path, failure.line) });
    }
    const [first, ...others] = unreached;
    if (first === undefined) return evidence;
    const rest = others.length === 0 ? '' : `, and ${others.length} more files like it`;
    return [...evidence, { kind: 'unreached', message: `${first.message}${rest}; nothing leads to it`, at: first.at }];
  },
});
