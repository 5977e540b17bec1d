/** Programs that remove and write files, and the files that any program is told to read. */
import type { Mark } from '../../model/behavior.ts';
import { findFile, named, type Program, type ProgramCall, type ProgramSetting } from './program-call.ts';

export const fileTools: readonly [string, Program][] = [
  ...named(removeFiles, 'rm', 'rmdir', 'unlink', 'del', 'erase', 'rd', 'rimraf', 'remove-item'),
  ...named(findFiles, 'find'),
  ...named(writeLast, 'cp', 'mv', 'ln', 'install', 'copy', 'move', 'xcopy', 'copy-item', 'move-item', 'rsync'),
  ...named(writeAll, 'tee', 'touch', 'mkdir', 'add-content', 'set-content', 'out-file'),
];

function removeFiles({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  const isRecursive = name === 'rimraf' || args.some((arg) => /^(?:-\w*[rR]|--recursive$|\/s$)/.test(arg));
  const marks: Mark[] = isRecursive ? ['recursive'] : [];
  const api = isRecursive && name === 'rm' ? 'rm -r' : name;
  for (const path of args.filter((arg) => arg !== '' && !/^(?:-|\/[a-z]$)/i.test(arg)))
    setting.draft.tellFile(command.line, { kind: 'file-delete', api, detail: path }, marks);
}

function findFiles({ args, command }: ProgramCall, setting: ProgramSetting): void {
  const path = findFile(args) ?? '.';
  const destroys = args.includes('-delete') || args.some((arg) => /^(?:rm|shred|unlink)$/.test(arg));
  if (destroys)
    setting.draft.tellFile(command.line, { kind: 'file-delete', api: 'find', detail: path }, ['recursive', 'in-walk']);
}

function writeLast({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  const paths = args.filter((arg) => !/^-/.test(arg));
  const target = paths.length > 1 ? paths.at(-1) : undefined;
  if (target !== undefined) setting.draft.tellFile(command.line, { kind: 'file-write', api: name, detail: target });
}

function writeAll({ name, args, command }: ProgramCall, setting: ProgramSetting): void {
  for (const path of args.filter((arg) => arg !== '' && !arg.startsWith('-')))
    setting.draft.tellFile(command.line, { kind: 'file-write', api: name, detail: path });
}

/** Files that are named as arguments, and read: the home folder's, the machine's, what is handed to a download. */
export function readArgument(arg: string, { name, command }: ProgramCall, { draft }: ProgramSetting): void {
  const [, path] =
    /^(?:@|[^=@]*=@|-d@|--?[\w-]+=)?((?:<home>|~|\/(?:etc|proc|root|home|Users)|<cwd>)[\\/].*|\.{1,2}\/.*\.env|\.env(?:\.\w+)?)$/s.exec(
      arg,
    ) ?? [];
  if (path !== undefined && !writers.has(name))
    draft.tell(command.line, { kind: 'file-read', api: name, detail: path.replace(/^~/, '<home>') });
}

const writers = new Set([
  'rm',
  'rmdir',
  'unlink',
  'del',
  'rd',
  'tee',
  'touch',
  'mkdir',
  'rimraf',
  'cd',
  'test',
  '[',
  'ls',
  'echo',
]);
