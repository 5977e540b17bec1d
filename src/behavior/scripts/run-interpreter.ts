/** Programs that run what they are given: shells, Node and other runtimes, other languages. */
import { Buffer } from 'node:buffer';
import type { Origin } from '../../model/behavior.ts';
import type { RunAs } from '../summary/file-summary.ts';
import { decodes } from './decode-pipeline.ts';
import {
  asPipe,
  findFile,
  findText,
  isMade,
  named,
  type Program,
  type ProgramCall,
  type ProgramSetting,
  runFile,
} from './program-call.ts';

export const interpreters: readonly [string, Program][] = [
  ...named(runShell, 'sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'fish'),
  ...named(runNode, 'node', 'nodejs', 'bun', 'deno', 'tsx', 'ts-node', 'electron', 'node-ts'),
  ...named(runForeign, 'python', 'python2', 'python3', 'py', 'perl', 'ruby', 'php', 'cscript', 'wscript', 'lua', 'awk'),
  ...named(runPowerShell, 'powershell', 'pwsh'),
  ...named(runCmd, 'cmd'),
  ...named(runEval, 'eval', 'iex', 'invoke-expression'),
  ...named(sourceFile, 'source', '.'),
];

interface Input {
  readonly language: RunAs['language'];
  readonly read: (text: string) => void;
}

/** What an interpreter is given by a pipe is the program. */
function readInput({ command }: ProgramCall, setting: ProgramSetting, { language, read }: Input): void {
  const { input, upstream } = command;
  if (input !== undefined) read(input);
  const [printer, printed] = upstream.at(-1) ?? [];
  const file = command.reads[0] ?? (printer === 'cat' && upstream.length === 1 ? printed : undefined);
  if (file !== undefined) {
    runFile(file, language, { command, setting });
    return;
  }
  const isDecoded = decodes(upstream);
  if (upstream.length === 0 || (input !== undefined && !isDecoded)) return;
  const isFetched = /\b(?:curl|wget|iwr|irm)\b/i.test(command.text);
  const origins: Origin[] = [...(isFetched ? ['fetched' as const] : []), ...(isDecoded ? ['decoded' as const] : [])];
  setting.tellProcess(command, { ...asPipe, origins });
}

function runShell(call: ProgramCall, setting: ProgramSetting): void {
  const text = findText(call.args, /^-[a-z]*c$/);
  const file = findFile(call.args);
  if (text !== undefined) runText(text, call, setting);
  else if (file === undefined || call.args.includes('-s'))
    readInput(call, setting, { language: 'shell', read: setting.readShell });
  else runFile(file, 'shell', { command: call.command, setting });
}

function runText(text: string, { command }: ProgramCall, setting: ProgramSetting): void {
  if (isMade(text)) setting.tellProcess(command, asPipe);
  setting.readShell(text);
}

function runEval(call: ProgramCall, setting: ProgramSetting): void {
  runText(call.args.join(' '), call, setting);
}

function sourceFile(call: ProgramCall, setting: ProgramSetting): void {
  const [file] = call.args;
  if (file !== undefined) runFile(file, 'shell', { command: call.command, setting });
}

const runtimeCommands = new Set(['run', 'x', 'eval', 'exec', 'watch', 'test', 'start']);

function runNode(call: ProgramCall, setting: ProgramSetting): void {
  const { name, command } = call;
  const [task = ''] = call.args;
  if (name === 'bun' || name === 'deno') {
    if (
      /^(?:install|i|ci|add|a|remove|rm|update|link|unlink|build|init|create|upgrade|pm|publish|cache|compile|fmt|lint|check|info)$/.test(
        task,
      )
    )
      return;
    // `bun run build` is a script of package.json, `bun run build.ts` a file.
    const script = /^(?:run|task)$/.test(task) ? findFile(call.args.slice(1)) : undefined;
    if (script !== undefined && !/[./\\]/.test(script)) {
      setting.draft.run(command.line, script, { language: 'npm-script', isCertain: false });
      return;
    }
  }
  const args =
    (name === 'bun' || name === 'deno') && runtimeCommands.has(call.args[0] ?? '') ? call.args.slice(1) : call.args;
  const text =
    name === 'deno' && call.args[0] === 'eval'
      ? findFile(args)
      : findText(args, /^(?:-[a-z]*[ep][a-z]*|--eval|--print)$/);
  args.forEach((arg, index) => {
    const [, inline] = /^(?:--require|--import|--loader|--experimental-loader)=(.+)$/s.exec(arg) ?? [];
    const loaded = inline ?? (/^(?:-r|--require|--import|--loader)$/.test(arg) ? args[index + 1] : undefined);
    if (loaded?.startsWith('.')) setting.draft.run(command.line, loaded, { language: 'javascript', isCertain: true });
  });
  if (text !== undefined) {
    if (isMade(text)) setting.tellProcess(command, asPipe);
    setting.readCode(text);
    return;
  }
  const file = findFile(args.filter((_, index) => !/^(?:-r|--require|--import|--loader)$/.test(args[index - 1] ?? '')));
  if (file !== undefined && name === 'bun' && /^[\w-]+$/.test(file)) {
    // A script of package.json, a program of another package, or a file.
    setting.draft.run(command.line, file, { language: 'npm-script', isCertain: false });
    setting.draft.run(command.line, file, { language: 'javascript', isCertain: false });
  } else if (file !== undefined) runFile(file, 'javascript', { command: call.command, setting });
  else readInput(call, setting, { language: 'javascript', read: setting.readCode });
}

function runForeign(call: ProgramCall, setting: ProgramSetting): void {
  const text = findText(call.args, /^-[a-z]*[cer]$/i) ?? (call.name === 'awk' ? call.args.join(' ') : undefined);
  const file = findFile(call.args);
  const read = (code: string): void => setting.readForeign(code, call);
  if (text !== undefined) read(text);
  else if (file === undefined) readInput(call, setting, { language: 'foreign', read });
  else runFile(file, 'foreign', { command: call.command, setting });
}

function runPowerShell(call: ProgramCall, setting: ProgramSetting): void {
  const { args, command } = call;
  const encoded = findText(args, /^[-/]e(?:c|nc|ncodedcommand)?$/i);
  setting.tellProcess(command, { ...asPipe, origins: encoded === undefined ? [] : ['decoded'] });
  if (encoded !== undefined) setting.readForeign(decodeUtf16(encoded), call);
  const file = findText(args, /^[-/]f(?:ile)?$/i);
  if (file !== undefined) runFile(file, 'powershell', { command: call.command, setting });
  const from = args.findIndex((arg) => /^[-/]c(?:ommand)?$/i.test(arg));
  const text = from === -1 ? (encoded ?? file ?? findFile(args)) : args.slice(from + 1).join(' ');
  if (text !== undefined && text !== encoded && text !== file) setting.readForeign(text, call);
}

function decodeUtf16(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf16le');
}

function runCmd({ args }: ProgramCall, setting: ProgramSetting): void {
  const from = args.findIndex((arg) => /^\/[a-z]*[ck]$/i.test(arg));
  if (from !== -1) setting.readBatch(args.slice(from + 1).join(' '));
}
