import { expect, it } from 'vitest';
import { normalizeRepository } from '../../src/model/normalize-repository.ts';

it.each([
  'owner/name',
  'Owner/Name',
  'github:owner/name',
  'owner/name#main',
  'https://github.com/owner/name',
  'https://www.github.com/owner/name.git',
  'http://github.com/owner/name/',
  'git://github.com/owner/name.git#v1',
  'git+https://github.com/owner/name.git',
  'git+ssh://git@github.com/owner/name.git',
  'git+ssh://git@github.com:owner/name.git',
  'ssh://git@github.com:22/owner/name.git',
  'git@github.com:owner/name.git',
  'github.com/owner/name',
  ' https://user:secret@github.com/owner/name ',
  'https://github.com/owner/name/tree/main/packages/part',
  'https://github.com/owner/name/issues',
  'https://github.com/owner/name?tab=readme',
])('%s is one repository', (written) => {
  expect(normalizeRepository(written)).toBe('github.com/owner/name');
});

it.each([
  ['gitlab:group/part/name', 'gitlab.com/group/part/name'],
  ['https://gitlab.com/group/part/name/-/tree/main', 'gitlab.com/group/part/name'],
  ['gist:11081aaa281', 'gist.github.com/11081aaa281'],
  ['https://git.example:8443/owner/name', 'git.example/owner/name'],
  ['constructor:owner/name', 'constructor:owner/name'],
  ['', ''],
  ['None', 'none'],
])('%s is %s', (written, normal) => {
  expect(normalizeRepository(written)).toBe(normal);
});

it('reads no more of a long text than of a short one', () => {
  expect(normalizeRepository(`a/${'/.'.repeat(1_000_000)}`).length).toBeLessThan(600);
});
