import { describe, expect, it } from 'vitest';
import { atFile, atManifest, defineRule, type Rule } from '../../src/rule.ts';
import { renderRuleIndex, renderRulePage } from '../../tools/render-rule-page.ts';

const rule: Rule = defineRule({
  id: 'file-renamed',
  family: 'code',
  title: 'A file has a new name | or two',
  rationale: 'Because.',
  remedy: 'Look.',
  level: 'review',
  appliesToAdditions: false,
  incidents: [{ what: 'an event', when: '2022-01-08', url: 'https://example.invalid/event' }],
  needs: ['files'],
  wants: ['publishTimes'],
  kinds: { hidden: { level: 'block', about: 'the new name is hidden' } },
  options: { maxFiles: { default: 3, about: 'how many files may be renamed' } },
  check: () => [],
  flags: [
    {
      title: 'one file',
      before: { 'a.js': 'a' },
      after: {
        'b.js': `/* ${'`'.repeat(3)} \u{202e} */`,
        'c.bin': new Uint8Array(4),
        'package.json': { main: 'b.js' },
      },
      expect: [
        { kind: 'hidden', message: 'a.js is b.js now', at: atFile('b.js', 7), via: ['main', 'b.js'] },
        { message: 'main is other', at: atManifest('main') },
      ],
    },
  ],
  passes: [{ title: 'no file', before: {}, after: {}, dependencies: { other: { 'x.js': 'x' } } }],
});

describe('renderRulePage', () => {
  const page = renderRulePage(rule);

  it.each([
    ['the id as its title', '# file-renamed\n'],
    ['the level', 'Default level: **review**'],
    ['why', '## Why it matters\n\nBecause.'],
    ['what to do', '## What to do\n\nLook.'],
    ['each kind and its level', '| `hidden` | block | the new name is hidden |'],
    ['each option, its default and its meaning', '| `maxFiles` | `3` | how many files may be renamed |'],
    ['what it needs', '- files of both tarballs (required)'],
    ['what it reads where known', '- publish times (used where known)'],
    ['the incident', '- 2022-01-08: [an event](https://example.invalid/event)'],
    [
      'the evidence, where it stands and how it is reached',
      '(tarball `b.js:7`), kind `hidden`, reached by `main` → `b.js`',
    ],
    ['a place in a manifest', '- `main is other` (tarball `package.json /main`)'],
    ['JSON files as JSON', '```json\n{\n  "main": "b.js"\n}\n```'],
    ['binary files by their size', '(4 bytes)'],
    ['the look-alike and its dependencies', '### no file'],
    ['how to change it', '"file-renamed": {\n      "level": "review",\n      "options": {\n        "maxFiles": 3'],
  ])('says %s', (_what, text) => {
    expect(page).toContain(text);
  });

  it('shows invisible characters of an example as escapes, inside a fence that the example cannot close', () => {
    expect(page).not.toContain('\u{202e}');
    expect(page).toContain('````js\n/* ``` \\u{202e} */\n````');
  });
});

describe('renderRuleIndex', () => {
  it('lists every rule under its family, with its level and title, the bar escaped', () => {
    const other = { ...rule, id: 'tag-moved', family: 'release' as const };
    const index = renderRuleIndex([rule, other]);
    expect(index).toContain('| [file-renamed](file-renamed.md) | review | A file has a new name \\| or two |');
    expect(index.indexOf('## Code')).toBeLessThan(index.indexOf('## Release'));
    expect(index.indexOf('tag-moved')).toBeGreaterThan(index.indexOf('## Release'));
  });
});
