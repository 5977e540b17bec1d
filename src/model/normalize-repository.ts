/** The repository that a package.json names, in one spelling for all the ways there are to write it. Attacker-controlled. */

/** npm's short forms. */
const shortHosts: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};
/** A longer one is cut: it is nobody's. */
const maxLength = 500;

/** `host/owner/name` in small letters; what is no repository's address stays as it is written. */
export function normalizeRepository(written: string): string {
  const text = written.trim().slice(0, maxLength);
  return (findShort(text) ?? findAddress(text) ?? text).toLowerCase();
}

/** `owner/name` and `gitlab:owner/name`. */
function findShort(text: string): string | undefined {
  const [, plain] = /^([\w.-]+\/[\w.-]+)(?:#.*)?$/s.exec(text) ?? [];
  if (plain !== undefined) return `${shortHosts['github']}/${withoutGit(plain)}`;
  const [, service = '', path = ''] = /^([a-z]+):([\w.-]+(?:\/[\w.-]+)*)(?:#.*)?$/s.exec(text) ?? [];
  const host = Object.hasOwn(shortHosts, service) ? shortHosts[service] : undefined;
  return host === undefined ? undefined : `${host}/${withoutGit(path)}`;
}

/** `git+https://`, `git://`, `ssh://git@`, `git@host:owner/name`; what stands after owner and name is a place inside. */
function findAddress(text: string): string | undefined {
  const [, rest = text] = /^[a-z][a-z+]*:\/\/(.*)$/is.exec(text) ?? [];
  const [, host, path] = /^(?:[^@/]*@)?([\w.-]+)(?::\d+(?=\/))?[:/]+([^?#]+)/.exec(rest) ?? [];
  if (host === undefined || path === undefined || !host.includes('.')) return undefined;
  const parts = path.split('/').filter((part) => part !== '');
  const end = parts.findIndex((part, index) => index >= 2 && /^(?:tree|blob|-|issues|wiki)$/.test(part));
  const kept = withoutGit(parts.slice(0, end === -1 ? parts.length : end).join('/'));
  return kept === '' ? undefined : `${host.replace(/^www\./i, '')}/${kept}`;
}

function withoutGit(path: string): string {
  return path.replace(/\.git$/i, '');
}
