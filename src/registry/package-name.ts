/**
 * Names come from manifests and lockfiles too, and end up in a URL.
 * Older packages have names that npm would refuse today; what could leave the registry's path is refused here.
 */
export function isPackageName(name: string): boolean {
  if (name.length > 214 || !name.isWellFormed()) return false;
  return /^(?:@[^/@\\\s%?#:]+\/)?[^/@\\\s%?#:]+$/.test(name) && !/(?:^|\/)\.{1,2}$/.test(name);
}

export function escapeName(name: string): string {
  const [scope, rest] = name.split('/');
  if (rest === undefined) return encodeURIComponent(name);
  return `@${encodeURIComponent((scope ?? '').slice(1))}%2f${encodeURIComponent(rest)}`;
}
