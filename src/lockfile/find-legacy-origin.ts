/** What an entry of version 1 is: its `version`, `from` and `resolved` are read in npm's order, with npm's own parser. */
import npa from 'npm-package-arg';
import parseVersion from 'semver/functions/parse.js';
import { fromVirtualPath, virtualRoot } from './virtual-path.ts';

export interface LegacyFields {
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly from: string | undefined;
  readonly integrity: string | undefined;
}

export interface LegacyOrigin {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly isLink: boolean;
}

const plainVersion = /^(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})\.(?:0|[1-9]\d{0,14})$/;

export function findLegacyOrigin(key: string, fields: LegacyFields): LegacyOrigin {
  const { version, resolved, integrity } = fields;
  if (version !== undefined && integrity !== undefined && plainVersion.test(version)) {
    return { name: undefined, version, resolved, isLink: false };
  }
  const spec = findSpec(key, fields);
  switch (spec?.type) {
    case 'directory':
      return { name: undefined, version: undefined, resolved: fromVirtualPath(spec.fetchSpec ?? ''), isLink: true };
    case 'git':
      return { name: undefined, version: undefined, resolved: version ?? resolved, isLink: false };
    case 'file':
    case 'remote': {
      const url = spec.type === 'file' ? `file:${fromVirtualPath(spec.fetchSpec ?? '')}` : (spec.fetchSpec ?? resolved);
      return { ...findInUrl(key, url ?? ''), resolved: url, isLink: false };
    }
    case 'alias': {
      const { subSpec } = spec as npa.AliasResult;
      return { name: subSpec.name ?? undefined, version: subSpec.fetchSpec ?? undefined, resolved, isLink: false };
    }
    default: {
      const isVersion = spec?.type === 'version' || (spec?.registry === true && integrity === undefined);
      return { name: undefined, version: isVersion ? version : undefined, resolved, isLink: false };
    }
  }
}

function findSpec(key: string, { version, resolved, from, integrity }: LegacyFields): npa.Result | undefined {
  const byVersion = version === undefined ? undefined : parseSpec(key, version);
  if (byVersion !== undefined && (integrity !== undefined || byVersion.type === 'git')) return byVersion;
  const byOrigin = from === undefined ? undefined : parseSpec(key, from);
  if (byOrigin?.registry === true && byVersion !== undefined) return byVersion;
  if (byOrigin !== undefined && resolved === undefined) return byOrigin;
  return (resolved === undefined ? undefined : parseSpec(key, resolved)) ?? byVersion;
}

/** Undefined for what npm cannot parse either. */
function parseSpec(key: string, spec: string): npa.Result | undefined {
  try {
    return npa.resolve(key, spec, virtualRoot);
  } catch {
    return undefined;
  }
}

/** Registries end a tarball's URL in `/-/name-1.2.3.tgz`; a tarball elsewhere is at least called after the package. */
function findInUrl(key: string, url: string): Pick<LegacyOrigin, 'name' | 'version'> {
  const nothing = { name: undefined, version: undefined };
  const path = url.replace(/[?#].*$/s, '');
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (!file.endsWith('.tgz')) return nothing;
  const [before, after] = path.split('/-/').slice(-2);
  const owner = after === file ? before : key;
  const [scope, project = ''] =
    (owner ?? '').split(/\/|%2f/i).slice(-2).length === 2
      ? (owner ?? '').split(/\/|%2f/i).slice(-2)
      : ['', owner ?? ''];
  if (!file.startsWith(`${project}-`)) return nothing;
  const version = parseVersion(file.slice(project.length + 1, -'.tgz'.length))?.version;
  if (version === undefined) return nothing;
  const name = scope?.startsWith('@') === true ? `${scope}/${project}` : project;
  return { name: name === key ? undefined : name, version };
}
