import { expect, it } from 'vitest';
import { createGate } from '../../src/registry/create-gate.ts';

it('lets so many in, and the next in turn as each leaves', async () => {
  const enter = createGate(2);
  const entered: number[] = [];
  const doors = [0, 1, 2, 3].map(async (visitor) => {
    const leave = await enter();
    entered.push(visitor);
    return leave;
  });
  const [first, second] = await Promise.all(doors.slice(0, 2));
  expect(entered).toEqual([0, 1]);
  second?.();
  const third = await doors[2];
  expect(entered).toEqual([0, 1, 2]);
  third?.();
  await doors[3];
  expect(entered).toEqual([0, 1, 2, 3]);
  first?.();
  expect(await enter()).toBeTypeOf('function');
});
