/** What the guard hands to the rules as known, and what it does not. */
import { expect, it } from 'vitest';
import { changesFromLockExample } from '../support/changes-from-lock-example.ts';

it('does not know the age of a version that has no date, though others have one', async () => {
  const changes = await changesFromLockExample({
    title: 'one date of two',
    registry: ['a@1.0.0 2025-06-01', 'a@1.1.0', 'b@1.0.0 2025-06-01'],
    after: { asks: 'a@1.1.0 b@1.0.0', tree: 'a@1.1.0 b@1.0.0' },
  });
  const dated = changes.map(({ subject, facts }) => [subject.name, facts.publishTimes.known]);
  expect(dated).toEqual([
    ['app', false],
    ['a', false],
    ['b', true],
  ]);
});
