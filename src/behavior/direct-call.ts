/** What a call really calls, and with what: through `.call`, `.apply`, `.bind` and `Reflect.apply`. */
import { unknown, type Value } from './value.ts';

export interface DirectCall {
  readonly callee: Value;
  readonly given: readonly Value[];
}

/** `f.call.call.call …`: each link is one more. */
const maxLinks = 4;

/** Whether the arguments have to be known to tell what is called. */
export function isIndirect(callee: Value): boolean {
  return (
    callee.kind === 'reference' &&
    (callee.bound !== undefined || /\.(?:call|apply)$|^Reflect\.(?:apply|construct)$/.test(callee.name))
  );
}

export function findDirectCall(callee: Value, given: readonly Value[]): DirectCall {
  let call: DirectCall = { callee, given };
  for (let link = 0; link < maxLinks && isIndirect(call.callee); link += 1) call = unwrap(call);
  return call;
}

function unwrap({ callee, given }: DirectCall): DirectCall {
  if (callee.kind !== 'reference') return { callee, given };
  const { bound, ...unbound } = callee;
  if (bound !== undefined) return { callee: unbound, given: [...bound, ...given] };
  const [target] = given;
  if (callee.name === 'Reflect.apply' && target !== undefined) return { callee: target, given: listed(given[2]) };
  if (callee.name === 'Reflect.construct' && target !== undefined) return { callee: target, given: listed(given[1]) };
  const name = callee.name.replace(/\.(?:call|apply)$/, '');
  return {
    callee: { ...callee, name },
    given: callee.name.endsWith('.call') ? given.slice(1) : listed(given[1]),
  };
}

function listed(list: Value | undefined): readonly Value[] {
  if (list?.kind === 'list') return list.elements;
  return list === undefined ? [] : [unknown(list.origins)];
}
