#!/usr/bin/env node
// The only file that an old Node must be able to parse: plain syntax, and nothing imported before the check.

const oldest = '24.15.0';

// The least minor and patch of each supported major; from 26 on every release is supported.
const lines: Record<string, [number, number]> = { 22: [22, 2], 24: [15, 0] };

main(process.versions.node);

function main(version: string): void {
  if (isTooOld(version)) {
    process.stderr.write(
      `sluice: this is Node ${version}, which is too old for Sluice. Install Node ${oldest} or newer, and run the same command again.\n`,
    );
    process.exitCode = 2;
    return;
  }
  enableCompileCache();
  import('./run.ts').then(({ run }) => run(process.argv.slice(2)));
}

// In the user's own folder: the default is the shared temporary one, where somebody else could leave compiled code.
function enableCompileCache(): void {
  const { homedir } = process.getBuiltinModule('node:os');
  const { join } = process.getBuiltinModule('node:path');
  process.getBuiltinModule('node:module').enableCompileCache(join(homedir(), '.cache', 'sluice'));
}

function isTooOld(version: string): boolean {
  const [major, minor, patch] = version.split('.').map(Number);
  const least = lines[String(major)];
  if (least === undefined) return Number(major) < 26;
  return Number(minor) < least[0] || (Number(minor) === least[0] && Number(patch) < least[1]);
}
