/**
 * A package.json, from a tarball or from a registry's packument, read leniently: npm accepts nearly anything here,
 * so a field of the wrong type counts as absent, as it does for npm. Attacker-controlled.
 */

import { normalizeRepository } from './normalize-repository.ts';

export type DependencyField = 'dependencies' | 'optionalDependencies' | 'peerDependencies';

export interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly type: 'module' | 'commonjs';
  readonly main: string | undefined;
  readonly module: string | undefined;
  /** Replacements by path, or the one browser entry. */
  readonly browser: string | Readonly<Record<string, string | false>> | undefined;
  /** As written: conditions nest to any depth. */
  readonly exports: unknown;
  /** Command name to path. A `bin` given as one string is named after the package. */
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly bundledDependencies: readonly string[];
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  /** `"gypfile": false` switches npm's implicit `node-gyp rebuild` off. */
  readonly gypfile: boolean | undefined;
  /** `host/owner/name` in small letters, whatever way it is written. */
  readonly repository: string | undefined;
}

/** Never throws: `document` may be anything JSON can say. */
export function parseManifest(document: unknown): Manifest {
  const fields = isRecord(document) ? document : {};
  const name = readString(fields['name']);
  return {
    name,
    version: readString(fields['version']),
    type: fields['type'] === 'module' ? 'module' : 'commonjs',
    main: readString(fields['main']),
    module: readString(fields['module']),
    browser: readBrowser(fields['browser']),
    exports: fields['exports'],
    bin: readBin(fields['bin'], name),
    scripts: readStringMap(fields['scripts']),
    dependencies: readStringMap(fields['dependencies']),
    optionalDependencies: readStringMap(fields['optionalDependencies']),
    peerDependencies: readStringMap(fields['peerDependencies']),
    bundledDependencies: readNames(
      fields['bundleDependencies'] ?? fields['bundledDependencies'],
      fields['dependencies'],
    ),
    os: readStrings(fields['os']),
    cpu: readStrings(fields['cpu']),
    gypfile: typeof fields['gypfile'] === 'boolean' ? fields['gypfile'] : undefined,
    repository: readRepository(fields['repository']),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A single string stands for a list of one, as npm reads `os` and `cpu`. */
function readStrings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** `true` means every dependency, as npm reads `bundleDependencies`. */
function readNames(value: unknown, dependencies: unknown): readonly string[] {
  return value === true ? Object.keys(readStringMap(dependencies)) : readStrings(value);
}

function readStringMap(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function readRepository(value: unknown): string | undefined {
  const written = isRecord(value) ? value['url'] : value;
  return typeof written === 'string' && written.trim() !== '' ? normalizeRepository(written) : undefined;
}

function readBrowser(value: unknown): Manifest['browser'] {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string | false] => typeof entry[1] === 'string' || entry[1] === false,
    ),
  );
}

function readBin(value: unknown, name: string | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'string') return readStringMap(value);
  const command = name?.startsWith('@') ? name.slice(name.indexOf('/') + 1) : name;
  return { [command ?? 'bin']: value };
}
