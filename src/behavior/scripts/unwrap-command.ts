/** The program that a command really starts, behind `env`, `sudo`, `npx` and their like. */

export interface Unwrapped {
  readonly words: readonly string[];
  /** `NAME=value` that it is given on the way. */
  readonly variables: readonly string[];
  /** It goes on when the shell ends. */
  readonly isDetached: boolean;
}

/** Wrapper, and the options of it that take a value in the next word. */
const wrappers: ReadonlyMap<string, readonly string[]> = new Map([
  ['env', ['-u', '-C', '-S']],
  ['sudo', ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T']],
  ['doas', ['-u', '-C']],
  ['nice', ['-n']],
  ['ionice', ['-c', '-n', '-p']],
  ['timeout', ['-k', '-s']],
  ['xargs', ['-I', '-n', '-P', '-L', '-d', '-E', '-s', '-a']],
  ['exec', ['-a']],
  ['npx', ['-p', '--package']],
  ['cross-env', []],
  ['cross-env-shell', []],
  ...[
    'nohup',
    'setsid',
    'command',
    'builtin',
    'time',
    'call',
    'start',
    'busybox',
    'stdbuf',
    'winpty',
    'bunx',
    'pnpx',
  ].map((name): [string, readonly string[]] => [name, []]),
]);
/** `npm exec x`, `yarn dlx x`: the second word makes a wrapper of the first. */
const packageManagers = /^(?:npm|pnpm|yarn|bun)$/;
const starters = /^(?:exec|dlx|x)$/;

const maxWrappers = 8;

export function unwrapCommand(command: readonly string[]): Unwrapped {
  let words = [...command];
  const variables: string[] = [];
  let isDetached = false;
  for (let depth = 0; depth < maxWrappers; depth += 1) {
    while (words[0] !== undefined && /^[A-Za-z_]\w*=(?!.*(?:&&|;))/s.test(words[0]))
      variables.push(words.shift() ?? '');
    const name = programName(words[0] ?? '');
    const isStarter = packageManagers.test(name) && starters.test(words[1] ?? '');
    const valued = isStarter ? [] : wrappers.get(name);
    if (valued === undefined) break;
    isDetached ||= name === 'nohup' || name === 'setsid';
    const rest = dropOptions(words.slice(isStarter ? 2 : 1), valued, name === 'start');
    if (rest.length === 0) break;
    words = rest;
    if (name === 'timeout' || name === 'nice') while (/^-?\d+[smhd]?$/.test(words[0] ?? '')) words.shift();
  }
  return { words, variables, isDetached };
}

/** `start "title" /b program`: cmd has options of its own. */
function dropOptions(words: readonly string[], valued: readonly string[], isStart: boolean): string[] {
  const rest = [...words];
  if (isStart && rest[0] === '') rest.shift();
  while (rest[0] !== undefined && (rest[0].startsWith('-') || (isStart && /^\/\w+$/.test(rest[0])))) {
    // `npx -c "…"` and `env -S "…"` are left to whoever reads the words.
    const option = rest.shift() ?? '';
    if (valued.includes(option)) rest.shift();
    if (option === '--') break;
  }
  return rest;
}

/** `/usr/bin/node`, `node.exe`, `C:\\tools\\NODE.EXE` → `node`. */
export function programName(word: string): string {
  const last = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
  return last.replace(/\.(?:exe|cmd|com)$/i, '').toLowerCase();
}
