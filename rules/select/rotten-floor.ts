/**
 * A range that begins at a version which this project does not use any more. Whoever installs the project without its
 * lockfile may get that version, and nobody knows whether it still works.
 */
import type { Rule } from '../../src/rule.ts';
import { atProjectFile, defineRule, shorten } from '../../src/rule.ts';

const fieldOf = {
  prod: 'dependencies',
  dev: 'devDependencies',
  optional: 'optionalDependencies',
} as const;

export const rottenFloor: Rule = defineRule({
  id: 'rotten-floor',
  family: 'select',
  title: 'A range begins at a version that this project never tried',
  rationale:
    'A lower bound is a promise that the version works. One that was never tried holds only by luck, and others rely on it.',
  remedy: 'Raise the lower bound in package.json to the version that is locked.',
  level: 'notice',
  incidents: [
    {
      what: 'Russ Cox: minimal versions only build where every lower bound was tested',
      when: '2018-02-21',
      url: 'https://research.swtch.com/vgo-mvs',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'bounds'],
  flags: [
    {
      title: 'the range begins two versions below the locked one',
      registry: ['a@1.0.0', 'a@1.1.0', 'a@1.2.0'],
      before: { asks: 'a@^1.0.0', tree: 'a@1.1.0' },
      after: { asks: 'a@^1.0.0', tree: 'a@1.2.0' },
      expect: [
        {
          message: 'package.json asks for "^1.0.0", which begins at 1.0.0; 1.2.0 is locked, and 1.0.0 was not before',
          at: { in: 'lockfile', path: 'package.json', pointer: '/dependencies/a' },
          via: ['app', 'a@1.2.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the range begins at the locked version, or at the one that was locked before',
      registry: ['a@1.0.0', 'a@1.2.0', 'b@1.0.0', 'b@1.1.0'],
      before: { asks: 'a@^1.0.0 b@^1.0.0', tree: 'a@1.0.0 b@1.0.0' },
      after: { asks: 'a@^1.2.0 b@^1.0.0', tree: 'a@1.2.0 b@1.1.0' },
    },
    {
      title: 'a dependency of a dependency',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@1.1.0', 'c@1.2.0'],
      before: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.1.0' },
      after: { asks: 'a@1.0.0', tree: 'a@1.0.0 c@1.2.0' },
    },
  ],
  check({ entry, bounds, subject }) {
    return bounds.lowest.flatMap(({ version, by }) => {
      const { from, type, name, spec } = by;
      const isOfProject = from.source === 'root' || from.source === 'workspace';
      if (!isOfProject || !(type === 'prod' || type === 'dev' || type === 'optional')) return [];
      if (version === subject.to || entry.baseVersions.includes(version)) return [];
      const path = from.location === '' ? 'package.json' : `${from.location}/package.json`;
      const locked = `${subject.to} is locked, and ${version} was not before`;
      const message = `${path} asks for "${shorten(spec)}", which begins at ${version}; ${locked}`;
      return { message, at: atProjectFile(entry.project, path, fieldOf[type], name), via: entry.why };
    });
  },
});
