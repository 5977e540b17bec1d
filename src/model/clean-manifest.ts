/** What npm itself rewrites in a package.json when it publishes or locks it: two sides that differ only so say the same. */

/** Publishing cleans a version: white space, `v` and `=` before it, build metadata after it. */
export function cleanVersion(version: string): string {
  return version
    .trim()
    .replace(/^[v=\s]+/, '')
    .replace(/\+.*$/, '');
}

/** `"@scope/tool": "./bin/../tool.js"` is the command `tool`, at `tool.js`. */
export function cleanCommands(commands: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, path]) => [name.split(/[\\/:]/).at(-1) ?? name, cleanPath(path)]),
  );
}

/** What stands in both lists is optional alone. */
export function dropOptional(
  dependencies: Readonly<Record<string, string>>,
  optional: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => !Object.hasOwn(optional, name)));
}

/** `./bin/../cli.js` is `cli.js`. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
