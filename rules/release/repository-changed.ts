/**
 * package.json names another repository than before. Projects move, and say so; whoever takes a package over has a
 * repository of his own, and whoever tampers with a package may point at the one where nobody looks.
 */
import type { Rule } from '../../src/rule.ts';
import { atManifest, defineRule, shorten } from '../../src/rule.ts';

const maxLength = 160;

export const repositoryChanged: Rule = defineRule({
  id: 'repository-changed',
  family: 'release',
  title: 'The package names another repository',
  rationale:
    'The repository is where you would look for the source and for who decides. Anybody may write anything there.',
  remedy: 'Look whether the old repository points at the new one, and whether this release is there.',
  level: 'notice',
  incidents: [
    {
      what: 'Starjacking: packages that name a well-known repository which is not theirs, to borrow its good name',
      when: '2022',
      url: 'https://docs.stacklok.com/trusty/understand/security-signals/starjacking',
    },
  ],
  appliesToAdditions: false,
  needs: ['manifests'],
  flags: [
    {
      title: 'another owner',
      before: { 'package.json': { repository: 'github:owner/sample' } },
      after: { 'package.json': { repository: { type: 'git', url: 'git+https://github.com/other/sample.git' } } },
      expect: [
        {
          message: 'The repository is github.com/other/sample; in 1.0.0 it was github.com/owner/sample',
          at: atManifest('repository'),
        },
      ],
    },
    {
      title: 'none any more',
      before: { 'package.json': { repository: 'https://git.example/owner/sample' } },
      after: {},
      expect: [
        {
          message: 'No repository is named; in 1.0.0 it was git.example/owner/sample',
          at: { ...atManifest('repository'), side: 'before' },
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the same repository in another spelling',
      before: { 'package.json': { repository: 'owner/sample' } },
      after: {
        'package.json': {
          repository: { type: 'git', url: 'git+ssh://git@github.com/Owner/sample.git', directory: 'packages/sample' },
        },
      },
    },
    {
      title: 'another repository of the same owner: projects are merged and renamed',
      before: { 'package.json': { repository: 'owner/sample' } },
      after: { 'package.json': { repository: 'https://github.com/owner/all-samples' } },
    },
    {
      title: 'one is named for the first time',
      before: {},
      after: { 'package.json': { repository: 'owner/sample' } },
    },
  ],
  check({ manifests: { before, after }, subject }) {
    const then = before?.repository;
    const now = after.repository;
    if (then === undefined || (now !== undefined && ownerOf(then) === ownerOf(now))) return [];
    const was = `in ${shorten(subject.from ?? 'the old version')} it was ${shorten(then, maxLength)}`;
    if (now !== undefined) {
      return [{ message: `The repository is ${shorten(now, maxLength)}; ${was}`, at: atManifest('repository') }];
    }
    const at = { ...atManifest('repository'), side: 'before' } as const;
    return [{ message: `No repository is named; ${was}`, at }];
  },
});

/** Host and owner; the whole text where it is no repository's address. */
function ownerOf(repository: string): string {
  return repository.split('/').slice(0, 2).join('/');
}
