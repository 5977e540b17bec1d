/** Paths and addresses put together by what the platform has for that: `path.join`, `new URL`, `require.resolve`. */
import { flow } from './flow.ts';
import { joinedOrigins, textOf } from './text-of.ts';
import { constant, reference, unknown, type Value, withOrigins } from './value.ts';

/** From the last part on that is a whole path by itself. */
export function resolvePath(given: readonly Value[]): Value {
  const start = given.findLastIndex((one) => wholePath.test(textOf(one) ?? ''));
  const joined = joinPath(given.slice(Math.max(0, start)));
  return start === -1 && joined.kind === 'unknown' ? withOrigins(joined, flow.place) : joined;
}

/** `new URL('part.js', import.meta.url)` lies beside the file, `new URL(name, folder)` in a folder that lies there. */
export function addressOn([value, base]: readonly Value[]): Value | undefined {
  const isBeside = base?.kind === 'reference' && base.name === 'import.meta.url';
  const isBare = value?.kind === 'constant' && typeof value.value === 'string' && /^\w[\w./-]*$/.test(value.value);
  if (isBeside && isBare) return constant(`./${value.value}`, value.origins);
  const folder = /^\.{1,2}\/(?:[^…]*\/)?/.exec(base === undefined ? '' : (textOf(base) ?? ''))?.[0];
  if (folder === undefined || value === undefined || /^\w+:|^\//.test(textOf(value) ?? '')) return value;
  const text = `${folder}${textOf(value) ?? '…'}`;
  return value.kind === 'constant' ? constant(text, value.origins) : unknown(value.origins | flow.place, text);
}

/** `pathToFileURL(path).href` */
export function addressOfPath([path]: readonly Value[]): Value {
  const text = path === undefined ? undefined : textOf(path);
  if (path === undefined || text?.startsWith('<package>/') !== true)
    return reference('url.pathToFileURL()', (path?.origins ?? 0) | flow.place);
  const beside = `./${text.slice('<package>/'.length)}`;
  return beside.includes('…') ? unknown(path.origins | flow.place, beside) : constant(beside, path.origins);
}

const wholePath = /^(?:<\w+>|[\\/]|[A-Za-z]:[\\/])/;

/** `path.join` and `path.resolve` for display and for telling broad targets: segments joined, `.` and doubled slashes dropped. */
export function joinPath(given: readonly Value[]): Value {
  const text = given
    .map((one) => textOf(one) ?? '…')
    .join('/')
    .replace(/\/+(?:\.\/+)*/g, '/');
  const origins = joinedOrigins(given, text);
  return given.every((one) => one.kind === 'constant') ? constant(text, origins) : unknown(origins, text);
}

/** Where a module of another package lies: shown as the path that it has as a rule. */
export function placeOfModule(specifier: Value | undefined): Value | undefined {
  const name = specifier === undefined ? undefined : textOf(specifier);
  if (name?.startsWith('.') === true) return joinPath([unknown(0, '<package>'), constant(name)]);
  if (name === undefined || /^(?:\/|node:)/.test(name)) return undefined;
  const isBare = /^(?:@[^/]+\/)?[^/]+$/.test(name);
  return constant(`node_modules/${name}${isBare ? '/index.js' : ''}`);
}
