/**
 * A dependency that does not come from the registry: git, a URL, a folder. It has no version that stays what it was,
 * no integrity, no publisher, and whoever owns the address decides at each install what arrives.
 */
import type { AddedDependency } from '../../src/model/change.ts';
import type { Rule } from '../../src/rule.ts';
import { atManifest, defineRule, shorten } from '../../src/rule.ts';

const sourceNames: Readonly<Record<Exclude<AddedDependency['source'], 'registry'>, string>> = {
  git: 'a git repository',
  remote: 'a URL',
  file: 'a path',
};

export const dependencySourceAdded: Rule = defineRule({
  id: 'dependency-source-added',
  family: 'code',
  title: 'A dependency comes from outside the registry',
  rationale:
    'Code from git or a URL passes every check of the registry by: it has no fixed version and no integrity, and can change after it was looked at.',
  remedy: 'Stay on the old version, and ask the maintainers for a release that depends on published packages only.',
  level: 'block',
  incidents: [
    {
      what: 'TanStack: hijacked releases named a git commit in optionalDependencies, which npm fetched and ran',
      when: '2026-05-11',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-45321',
    },
  ],
  appliesToAdditions: true,
  needs: ['addedDependencies'],
  flags: [
    {
      title: 'an optional dependency on a git commit',
      before: {},
      after: { 'package.json': { optionalDependencies: { setup: 'git+https://code.invalid/setup.git#0a1b2c3' } } },
      expect: [
        {
          message:
            'The new optional dependency setup comes from a git repository: git+https://code.invalid/setup.git#0a1b2c3',
          at: atManifest('optionalDependencies', 'setup'),
        },
      ],
    },
    {
      title: 'a dependency that came from the registry and comes from a URL now',
      before: { 'package.json': { dependencies: { tool: '^1.0.0' } } },
      after: { 'package.json': { dependencies: { tool: 'https://files.invalid/tool.tgz' } } },
      expect: [
        {
          message: 'The dependency tool, until now "^1.0.0", comes from a URL: https://files.invalid/tool.tgz',
          at: atManifest('dependencies', 'tool'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a new dependency from the registry, under an alias',
      before: {},
      after: { 'package.json': { dependencies: { tool: 'npm:other-tool@^1.0.0' } } },
    },
    {
      title: 'a dependency that always came from git',
      before: { 'package.json': { dependencies: { tool: 'git+https://code.invalid/tool.git#v1' } } },
      after: { 'package.json': { dependencies: { tool: 'git+https://code.invalid/tool.git#v2' } } },
    },
  ],
  check({ addedDependencies }) {
    return addedDependencies.flatMap(({ name, spec, field, source, specBefore }) => {
      if (source === 'registry') return [];
      const what = field === 'optionalDependencies' ? 'optional dependency' : 'dependency';
      const who =
        specBefore === undefined
          ? `The new ${what} ${shorten(name)}`
          : `The ${what} ${shorten(name)}, until now "${shorten(specBefore)}",`;
      return [{ message: `${who} comes from ${sourceNames[source]}: ${shorten(spec)}`, at: atManifest(field, name) }];
    });
  },
});
