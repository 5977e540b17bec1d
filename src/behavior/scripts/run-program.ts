/** What starting a program means: a table by the program's name. Programs that are not in it tell nothing. */
import {
  asPipe,
  findFile,
  isMade,
  named,
  type Program,
  type ProgramCall,
  type ProgramSetting,
  runFile,
} from './program-call.ts';
import { fileTools, readArgument } from './run-file-tool.ts';
import { interpreters } from './run-interpreter.ts';
import { networkTools } from './run-network-tool.ts';

const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...interpreters,
  ...networkTools,
  ...fileTools,
  ...named(changeFolder, 'cd', 'pushd', 'chdir'),
  ...named(
    tellAlways,
    'rundll32',
    'mshta',
    'regsvr32',
    'bitsadmin',
    'schtasks',
    'wmic',
    'installutil',
    'msbuild',
    'osascript',
  ),
  ...named(
    tellAlways,
    'crontab',
    'launchctl',
    'systemctl',
    'at',
    'shred',
    'mkfs',
    'cipher',
    'security',
    'reg',
    'claude',
  ),
  ...named(
    tellAlways,
    'gemini',
    'codex',
    'aider',
    'cursor-agent',
    'opencode',
    'gh',
    'kubectl',
    'aws',
    'gcloud',
    'vault',
  ),
  ...named((call, setting) => tellIf(/-urlcache|-decode/i, call, setting), 'certutil'),
  ...named((call, setting) => tellIf(/https?:|\\\\/i, call, setting), 'msiexec'),
  ...named((call, setting) => tellIf(/\bof=\/dev\//, call, setting), 'dd'),
  ...named((call, setting) => tellIf(/^git (?:-\S+ )*(?:clone|push|remote|fetch|pull)\b/, call, setting), 'git'),
  ...named(managePackages, 'npm', 'pnpm', 'yarn', 'cnpm'),
  ...named(buildAddon, 'node-gyp', 'node-pre-gyp', 'prebuild-install', 'node-gyp-build', 'prebuildify'),
]);

export function runProgram(call: ProgramCall, setting: ProgramSetting): void {
  const program = programs.get(call.name) ?? runOwnFile;
  program(call, setting);
  for (const arg of call.args) readArgument(arg, call, setting);
}

/** `./setup.sh`, `setup.bat`, `lib/tool`: a file of the package, if there is one, or what was fetched before. */
function runOwnFile(call: ProgramCall, setting: ProgramSetting): void {
  const { program, args } = call;
  // A wrapper was given a whole line in one word: `cross-env-shell "a && b"`.
  if (/\s/.test(program) && !isMade(program)) {
    setting.readShell([program, ...args].join(' '));
    return;
  }
  const isPath = /[\\/]/.test(program) && !/^\/(?:usr|bin|sbin|opt)\//.test(program);
  if (isPath || scriptEnding.test(program)) runFile(program, undefined, { command: call.command, setting });
}

/** Windows looks for a program in the working directory. */
const scriptEnding = /\.(?:sh|bash|bat|cmd|ps1|vbs|exe|com|[cm]?js)$/i;

function changeFolder({ args }: ProgramCall, { draft }: ProgramSetting): void {
  const folder = findFile(args.filter((arg) => !/^\/d$/i.test(arg)))?.replaceAll('\\', '/');
  const isInside =
    folder !== undefined && /^(?:\.\/)?\w[\w@.-]*(?:\/[\w@.-]+)*\/?$/.test(folder) && !folder.includes('..');
  draft.folder = isInside ? folder.replace(/^\.\/|\/$/g, '') : '';
}

function tellAlways({ command }: ProgramCall, setting: ProgramSetting): void {
  setting.tellProcess(command, asPipe);
}

function tellIf(pattern: RegExp, { name, args, command }: ProgramCall, setting: ProgramSetting): void {
  if (pattern.test([name, ...args].join(' '))) setting.tellProcess(command, asPipe);
}

/** What npm does for its users all day long, and what only a worm or a dropper makes it do. */
const tellingTask =
  /^(?:publish|unpublish|whoami|token|adduser|login|access|owner|dist-tag|install|i|add|ci|link|config|set)$/;

function managePackages({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  const [task = '', ...rest] = args.filter((arg) => !arg.startsWith('-'));
  if (tellingTask.test(task)) {
    const isOwn = /^(?:install|i|add|ci|link)$/.test(task) && rest.length === 0;
    if (!isOwn) setting.tellProcess(command, { marks: ['shell'] });
    return;
  }
  const isRun = /^run(?:-script)?$/.test(task);
  // `yarn build` runs a script of that name, `npm build` does not.
  const script = isRun ? rest[0] : name !== 'npm' || /^(?:test|start|stop|restart)$/.test(task) ? task : undefined;
  if (script !== undefined && script !== '')
    setting.draft.run(command.line, script, { language: 'npm-script', isCertain: false });
}

/** They read binding.gyp, and run the commands in it. */
function buildAddon({ command }: ProgramCall, setting: ProgramSetting): void {
  setting.draft.run(command.line, './binding.gyp', { language: 'gyp', isCertain: false });
}
