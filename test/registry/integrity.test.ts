import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkIntegrity, parseIntegrity, parseShasum } from '../../src/registry/integrity.ts';

const bytes = Buffer.from('contents');
const digest = (algorithm: string, of: Uint8Array = bytes) => createHash(algorithm).update(of).digest('base64');
const wrong = digest('sha512', Buffer.from('others'));
const origin = { side: 'after', claimedBy: 'registry' } as const;
const matches = (text: string) => checkIntegrity(bytes, parseIntegrity(text), origin).map((record) => record.matches);

describe('integrity', () => {
  it.each([
    ['one digest that holds', `sha512-${digest('sha512')}`, [true]],
    ['one that does not', `sha512-${wrong}`, [false]],
    [
      'a weaker one that does not hold, beside a stronger that does',
      `sha1-${digest('sha1', Buffer.from('x'))} sha512-${digest('sha512')}`,
      [true, false],
    ],
    ['alternatives of one algorithm', `sha512-${wrong} sha512-${digest('sha512')}`, [true]],
    ['options behind a digest', `sha512-${digest('sha512')}?vnd=1`, [true]],
    ['no digest of a known algorithm', `md5-${digest('md5')} sha512-short sha512`, []],
    ['nothing', '', []],
    ['no more than its beginning', `${`sha512-${wrong} `.repeat(20)}sha512-${digest('sha512')}`, [false]],
  ])('judges %s', (_, text, expected) => {
    expect(matches(text)).toEqual(expected);
  });

  it('says what was claimed and what is', () => {
    expect(checkIntegrity(bytes, parseIntegrity(`sha512-${wrong}`), origin)).toEqual([
      { ...origin, claimed: `sha512-${wrong}`, actual: `sha512-${digest('sha512')}`, matches: false },
    ]);
  });

  it('reads a shasum in hexadecimal, and nothing else', () => {
    const hex = createHash('sha1').update(bytes).digest('hex');
    expect(checkIntegrity(bytes, parseShasum(hex.toUpperCase()), origin)).toMatchObject([{ matches: true }]);
    expect(parseShasum(hex.slice(1))).toEqual([]);
  });
});
