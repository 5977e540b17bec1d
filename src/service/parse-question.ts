/** What a caller asks about: an update by purl and versions. Every spelling of one package becomes the same question. */
import { GuardError } from '../errors.ts';
import type { Pair } from '../guard.ts';
import { exactVersion, packageName, renderPurl } from '../model/package-spec.ts';

export interface VerdictRequest {
  /** `pkg:npm/%40scope/name@1.2.3` */
  readonly purl: string;
  /** The version that is replaced. */
  readonly from?: string;
  /** SRI of the new tarball, as the caller's lockfile has it. */
  readonly integrity?: string;
}

const maxNameLength = 214;
const maxVersionLength = 256;
const sri = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** Throws a GuardError that says what is wrong with which part. */
export function parseQuestion({ purl, from, integrity }: VerdictRequest): Pair {
  const { name, version } = parsePurl(purl);
  if (integrity !== undefined && !sri.test(integrity)) {
    throw new GuardError(
      'request-invalid',
      `"integrity" must be one sha512 as an SRI string, not "${cut(integrity)}".`,
    );
  }
  return {
    name,
    from: from === undefined ? undefined : parseVersion(from, '"from"'),
    to: version,
    ...(integrity === undefined ? {} : { integrity: { to: integrity } }),
  };
}

export function parsePurl(purl: string): { readonly name: string; readonly version: string } {
  const fail = (problem: string): never => {
    throw new GuardError('request-invalid', `"${cut(purl)}" is no purl of an npm package with a version: ${problem}.`);
  };
  const [, path = fail('it must begin with pkg:npm/')] = /^pkg:npm\/(.+)$/s.exec(purl) ?? [];
  if (/[?#]/.test(path)) fail('qualifiers and subpaths are not understood');
  const at = path.lastIndexOf('@');
  if (at <= 0) fail('it names no version, as in pkg:npm/left-pad@1.3.0');
  const segments = path
    .slice(0, at)
    .split('/')
    .map((segment) => decode(segment, fail));
  // What was encoded is a part of its segment, and no part of a name has a slash.
  if (segments.length > 2 || segments.some((segment) => segment.includes('/'))) fail('a name has at most one slash');
  const name = segments.join('/');
  if (name.length > maxNameLength || !packageName.test(name)) fail('there can be no package of this name');
  return { name, version: parseVersion(decode(path.slice(at + 1), fail), 'its version') };
}

/** Where the answer to a question can be fetched. */
export function renderLocation({ name, from, to, integrity }: Pair): string {
  const query = new URLSearchParams({ purl: renderPurl(name, to) });
  if (from !== undefined) query.set('from', from);
  if (integrity?.to !== undefined) query.set('integrity', integrity.to);
  return `/v1/verdicts?${query}`;
}

function parseVersion(text: string, what: string): string {
  const version = text.length > maxVersionLength ? undefined : exactVersion.exec(text)?.[1];
  if (version !== undefined) return version;
  throw new GuardError('request-invalid', `${what} must be one exact version, as in 1.3.0, not "${cut(text)}".`);
}

function decode(text: string, fail: (problem: string) => never): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return fail('its percent-encoding is broken');
  }
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
