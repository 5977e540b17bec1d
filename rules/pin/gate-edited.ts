/**
 * The change edits what guards the project: Sluice's policy, the workflow that runs it, npm's settings. Whoever wants
 * something to pass opens the gate first, in the same pull request or in one before it.
 */
import type { GateEdit } from '../../src/model/lock-change.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, shorten } from '../../src/rule.ts';

const titles: Readonly<Record<GateEdit['gate'], string>> = {
  policy: 'The policy of Sluice',
  workflow: 'The workflow that runs Sluice',
  npmrc: "npm's settings",
  'allow-scripts': 'The list of packages whose install scripts may run',
  'package-manager': "A package manager's own guard",
};

export const gateEdited: Rule = defineRule({
  id: 'gate-edited',
  family: 'pin',
  title: 'What guards the project is edited by the change itself',
  rationale:
    'A gate that the change can open protects nothing: settings decide which registry is asked, which scripts run and what may pass.',
  remedy: 'Have somebody who owns these files look at the edit. The policy that counts here is that of the base.',
  level: 'review',
  incidents: [
    {
      what: 'CVE-2025-30066: a changed action ran in the workflows of 23,000 repositories and printed their secrets',
      when: '2025-03-14',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2025-30066',
    },
  ],
  appliesToAdditions: true,
  needs: ['project'],
  flags: [
    {
      title: 'a setting of npm, and a package that may run its install script from now on',
      registry: ['a@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0', files: { '.npmrc': 'ignore-scripts=true\n' } },
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0',
        manifest: { allowScripts: { 'a@1.0.0': true } },
        files: { '.npmrc': 'ignore-scripts=false\n' },
      },
      expect: [
        {
          message: 'The list of packages whose install scripts may run: added allowScripts: {"a@1.0.0":true}',
          at: { in: 'lockfile', path: 'package.json', line: 7 },
        },
        {
          message: "npm's settings: changed ignore-scripts=true to ignore-scripts=false",
          at: { in: 'lockfile', path: '.npmrc', line: 1 },
        },
      ],
    },
  ],
  passes: [
    {
      title: 'other files, and the same settings as before',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0', files: { '.npmrc': 'save-exact=true\n', 'README.md': 'old\n' } },
      after: { asks: 'a@^1', tree: 'a@1.1.0', files: { '.npmrc': 'save-exact=true\n', 'README.md': 'new\n' } },
    },
  ],
  check({ project }) {
    return project.gateEdits.map(({ path, gate, what, line }) => ({
      message: `${titles[gate]}: ${shorten(what, 160)}`,
      at: line === undefined ? { in: 'lockfile', path } : { in: 'lockfile', path, line },
    }));
  },
});
