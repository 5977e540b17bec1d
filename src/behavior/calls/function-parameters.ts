/** The parameters of a function that is made of text. */
import { constantOf, type Value } from '../values/value.ts';

/** What is passed to the function that `Function('a', 'b', body)` makes, by whoever calls it. */
export function findParameters(given: readonly Value[]): string | undefined {
  const names = given.slice(0, -1).map((one) => constantOf(one)?.value);
  const isPlain = names.every((name) => typeof name === 'string' && /^[\s\w$,]*$/.test(name));
  // A name of the platform's is passed what it stands for: `Function('require', body)(require)`.
  const others = names.flatMap((name) => String(name).split(',')).filter((name) => !passedAsItself.has(name.trim()));
  return isPlain && others.length > 0 ? others.join() : undefined;
}

const passedAsItself: ReadonlySet<string> = new Set(
  'require module exports process global globalThis window self document fetch console Buffer'.split(' '),
);
