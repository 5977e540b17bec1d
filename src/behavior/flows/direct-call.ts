/** What a call really calls, and with what: through `.call`, `.apply`, `.bind` and `Reflect.apply`. */
import { unknown, type Value } from '../values/value.ts';

/** Arguments are asked for only where something depends on them. */
export interface DirectCall {
  readonly callee: Value;
  readonly given: () => readonly Value[];
  /** The first argument, if it is enough to know what it names. */
  readonly first: () => Value | undefined;
}

/** `f.call.call.call …`: each link is one more. */
const maxLinks = 4;

export function isIndirect(callee: Value): boolean {
  return (
    callee.kind === 'reference' &&
    (callee.bound !== undefined || /\.(?:call|apply)$|^Reflect\.(?:apply|construct)$/.test(callee.name))
  );
}

export function findDirectCall(indirect: DirectCall): DirectCall {
  let call = indirect;
  for (let link = 0; link < maxLinks && isIndirect(call.callee); link += 1) call = unwrap(call);
  return call;
}

function unwrap({ callee, given, first }: DirectCall): DirectCall {
  if (callee.kind !== 'reference') return { callee, given, first };
  const { bound, ...unbound } = callee;
  if (bound !== undefined) return withArguments(unbound, () => [...bound, ...given()]);
  if (callee.name === 'Reflect.apply' || callee.name === 'Reflect.construct') {
    const list = callee.name === 'Reflect.apply' ? 2 : 1;
    return withArguments(first() ?? unknown(0), () => listed(given()[list]));
  }
  const name = callee.name.replace(/\.(?:call|apply)$/, '');
  return withArguments(
    { ...callee, name },
    callee.name.endsWith('.call') ? () => given().slice(1) : () => listed(given()[1]),
  );
}

function withArguments(callee: Value, given: () => readonly Value[]): DirectCall {
  return { callee, given, first: () => given()[0] };
}

function listed(list: Value | undefined): readonly Value[] {
  if (list?.kind === 'list') return list.elements;
  return list === undefined ? [] : [unknown(list.origins)];
}
