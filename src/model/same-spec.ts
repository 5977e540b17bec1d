/** npm rewrites some specs when it writes a lockfile: `user/repo` becomes `github:user/repo`. Both ask for the same. */

export function isSameSpec(left: string, right: string): boolean {
  return left.trim() === right.trim() || (isHosted(left) && nameRepository(left) === nameRepository(right));
}

const shortcut = /^(github|gitlab|bitbucket|gist):(?!\/\/)/;
const knownHosts: Readonly<Record<string, string>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucket: 'bitbucket.org',
  gist: 'gist.github.com',
};
const hostedUrl = /^(?:git|git\+ssh|git\+https|https|ssh):\/\/(?:[^/@]*@)?(github\.com|gitlab\.com|bitbucket\.org)[/:]/;
const scpLike = /^git@(github\.com|gitlab\.com|bitbucket\.org):/;
const bareRepository = /^[\w.-]+\/[\w.-]+(?:#.*)?$/;

function isHosted(spec: string): boolean {
  return [shortcut, hostedUrl, scpLike, bareRepository].some((form) => form.test(spec.trim()));
}

/** `github.com/user/repo#v1`, whichever way it was written. */
function nameRepository(spec: string): string {
  const [path = '', committish] = spec.trim().split(/#(.*)/s);
  const located = bareRepository.test(path)
    ? `github.com/${path}`
    : path
        .replace(shortcut, (_, host: string) => `${knownHosts[host]}/`)
        .replace(hostedUrl, '$1/')
        .replace(scpLike, '$1/');
  return `${located.replace(/\.git$/, '')}#${committish ?? ''}`;
}
