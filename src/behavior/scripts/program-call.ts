/** One program that a script starts, and what is done about it. */
import type { Mark, Origin } from '../../model/behavior.ts';
import type { RunAs } from '../summary/file-summary.ts';
import type { ShellCommand } from './list-commands.ts';
import type { ScriptDraft } from './script-draft.ts';

export interface ProgramCall {
  /** As written: `./setup.sh`, `/usr/bin/env`. */
  readonly program: string;
  /** Without ending and folder, in small letters. */
  readonly name: string;
  readonly args: readonly string[];
  readonly command: ShellCommand;
}

export interface ProcessQualities {
  readonly marks: readonly Mark[];
  readonly origins?: readonly Origin[];
}

/** Each reader of text knows how deep it may go. */
export interface ProgramSetting {
  readonly draft: ScriptDraft;
  readonly readShell: (text: string) => void;
  readonly readBatch: (text: string) => void;
  readonly readForeign: (text: string, call: ProgramCall) => void;
  readonly readCode: (text: string) => void;
  readonly tellProcess: (command: ShellCommand, qualities: ProcessQualities) => void;
}

export type Program = (call: ProgramCall, setting: ProgramSetting) => void;

export function named(program: Program, ...names: readonly string[]): [string, Program][] {
  return names.map((name) => [name, program]);
}

/** The catalogue's worst kinds of command: see `child-process-at-load`. */
export const asPipe: ProcessQualities = { marks: ['shell', 'pipe'] };

/** The word after an option. */
export function findText(args: readonly string[], option: RegExp): string | undefined {
  const at = args.findIndex((arg) => option.test(arg));
  return at === -1 ? undefined : args[at + 1];
}

export function findFile(args: readonly string[]): string | undefined {
  return args.find((arg) => arg !== '' && !/^[-+]/.test(arg));
}

/** Text that a substitution fetches or decodes. */
export function isMade(text: string): boolean {
  return /[`$<]\(?[^)`]*\b(?:curl|wget|base64|openssl|xxd|iwr|irm)\b/.test(text);
}

/** A file that is run: from the network, or from the package. */
export function runFile(
  file: string,
  language: RunAs['language'],
  { command, setting }: { readonly command: ShellCommand; readonly setting: ProgramSetting },
): void {
  const isFetched = setting.draft.downloaded.has(file) || /^https?:/.test(file);
  if (isFetched || isMade(file)) {
    setting.tellProcess(command, { ...asPipe, origins: isFetched ? ['fetched'] : [] });
    return;
  }
  const path = ownPath(file);
  setting.draft.run(command.line, path, { language, isCertain: !/[$*<`%]|node_modules\//.test(path) });
}

/** `$(dirname "$0")/x`, `%~dp0x`, `$PWD/x`: beside the script, or in the package. */
function ownPath(file: string): string {
  return file
    .replace(/^(?:\$\(dirname[^)]*\)|\$\{?(?:SCRIPT_DIR|DIR|PWD|npm_config_local_prefix)\}?|%~dp0)[\\/]?/, './')
    .replaceAll('\\', '/');
}
