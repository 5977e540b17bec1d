/** What an installation script's own text does, where no JavaScript stands between: `curl … | sh`. */
import type { Behavior, Hook } from '../model/behavior.ts';
import { type PackageTree, textOf } from '../model/package-tree.ts';

/** Downloads, and the programs by which Windows downloads or runs what it is given. Compiling and `node -e` are not among them. */
const fetching =
  /(?:^|[\\/\s;&|(])(?:curl|wget|powershell|pwsh|rundll32|mshta|bitsadmin)(?:\.exe)?\s|\bcertutil\b[^\n]{0,200}-urlcache|\|\s*(?:sudo\s+)?(?:ba|z|k|da)?sh\b/i;

export function findHookCommands(hooks: readonly Hook[], tree: PackageTree): Behavior[] {
  return hooks
    .filter(({ command }) => fetching.test(command.slice(0, 2_000)))
    .map(({ event, command }) => ({
      kind: 'child-process',
      api: `npm (${event})`,
      detail: command,
      origins: [],
      marks: ['shell', 'pipe'],
      guards: [],
      tier: 'install',
      root: 'hook',
      path: 'package.json',
      line: findScriptLine(event, tree),
      via: [`scripts/${event}`],
    }));
}

function findScriptLine(event: string, tree: PackageTree): number {
  const manifest = tree.files.get('package.json');
  const lines = manifest === undefined ? [] : textOf(manifest).split('\n');
  return Math.max(1, lines.findIndex((line) => line.includes(`"${event}"`)) + 1);
}
