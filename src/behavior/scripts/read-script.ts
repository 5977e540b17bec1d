/** A script that is no JavaScript → what it does and which files it runs, in the form of a file's summary. */
import { analyzeFile } from '../analyze-file.ts';
import { findForeignAct } from '../outside/foreign-text.ts';
import type { FileSummary, FnSummary, ScriptLanguage } from '../summary/file-summary.ts';
import { unreadSummary } from '../summary/file-summary.ts';
import { type GypCommand, listGypCommands } from './gyp-commands.ts';
import { listBatchCommands } from './list-batch-commands.ts';
import { listCommands, type ShellCommand } from './list-commands.ts';
import { asPipe, type ProcessQualities, type ProgramCall, type ProgramSetting } from './program-call.ts';
import { runProgram } from './run-program.ts';
import { ScriptDraft } from './script-draft.ts';
import { programName, unwrapCommand } from './unwrap-command.ts';

/** No script that somebody wrote is longer. */
const maxText = 100_000;
/** Text in text in text. */
const maxDepth = 4;
const maxNestedChars = 400_000;

/** Who starts the programs, as a finding names it. */
const starters: Readonly<Record<ScriptLanguage, string>> = {
  shell: 'sh',
  batch: 'cmd',
  powershell: 'powershell',
  foreign: 'script',
  gyp: 'node-gyp',
};

/** Never throws on hostile text. */
export function readScript(text: string, language: ScriptLanguage, starter: string = starters[language]): FileSummary {
  if (text.length > maxText) return unreadSummary('too-large', `a script of more than ${maxText} characters`);
  const reader = new ScriptReader(starter);
  reader.read(text, language);
  return reader.draft.finish();
}

/** A line for both: npm hands its scripts to `sh`, and to `cmd` on Windows. */
export function readCommandLine(text: string, starter: string): FileSummary {
  if (text.length > maxText) return unreadSummary('too-large', `a script of more than ${maxText} characters`);
  const reader = new ScriptReader(starter);
  reader.read(text, 'shell');
  if (!/[\\%^]/.test(text)) return reader.draft.finish();
  reader.read(text, 'batch');
  // What one of them takes for a path is none for the other.
  reader.draft.doubtLoads();
  return reader.draft.finish();
}

class ScriptReader {
  readonly draft: ScriptDraft = new ScriptDraft();
  readonly #starter: string;
  #depth = 0;
  #chars = maxNestedChars;

  constructor(starter: string) {
    this.#starter = starter;
  }

  read(text: string, language: ScriptLanguage): void {
    if (language === 'gyp') for (const command of listGypCommands(text)) this.#readGyp(command);
    else if (language === 'shell') for (const command of listCommands(text)) this.#readCommand(command, command.line);
    else if (language === 'batch')
      for (const command of listBatchCommands(text)) this.#readCommand(command, command.line);
    else this.#readForeign(text, { line: 1, api: this.#starter });
  }

  #readGyp({ kind, text, line }: GypCommand): void {
    if (kind === 'condition') {
      this.draft.tell(line, { kind: 'dynamic-code', api: 'binding.gyp condition', detail: text, origins: ['file'] });
      this.#readForeign(text, { line, api: 'python' });
      return;
    }
    for (const command of listCommands(text)) this.#readCommand(command, line);
  }

  #readCommand(written: ShellCommand, line: number): void {
    const { words, variables, isDetached } = unwrapCommand(written.words);
    const [program = '', ...args] = words;
    const command = { ...written, line };
    const isSilent = written.writes.includes('/dev/null') || written.writes.some((path) => /^nul$/i.test(path));
    for (const variable of [...written.variables, ...variables]) this.#readVariable(variable, line);
    for (const path of written.writes) this.#readWrite(path, command);
    for (const path of written.reads) if (path.startsWith('/dev/')) this.#readWrite(path, command);
    if (program === '') return;
    const setting = this.#setting(line);
    if ((isDetached || written.background) && isSilent)
      setting.tellProcess(command, { marks: ['shell', 'detached', 'silenced'] });
    runProgram({ program, name: programName(program), args, command }, setting);
  }

  #setting(line: number): ProgramSetting {
    return {
      draft: this.draft,
      tellProcess: (command, qualities) => this.#tellProcess(command, qualities),
      readShell: (text) => this.#nest(text, () => this.#readAll(listCommands(text), line)),
      readBatch: (text) => this.#nest(text, () => this.#readAll(listBatchCommands(text), line)),
      readForeign: (text, { name, command }) => this.#readForeign(text, { line, api: name, command }),
      readCode: (text) => this.#nest(text, () => this.draft.addCode(line, codeOf(text))),
    };
  }

  #readAll(commands: readonly ShellCommand[], line: number): void {
    for (const command of commands) this.#readCommand(command, line);
  }

  #nest(text: string, read: () => void): void {
    this.#chars -= text.length;
    if (this.#depth >= maxDepth || this.#chars < 0) return;
    this.#depth += 1;
    read();
    this.#depth -= 1;
  }

  #tellProcess({ text, line }: ShellCommand, { marks, origins = [] }: ProcessQualities): void {
    this.draft.tell(line, { kind: 'child-process', api: this.#starter, detail: text, marks, origins });
  }

  #readForeign(text: string, { line, api, command }: ForeignPlace): void {
    const act = findForeignAct(text);
    if (act === undefined) return;
    const detail = command?.text ?? text.trim().replaceAll(/\s+/g, ' ');
    this.draft.tell(line, { kind: 'child-process', api: this.#starter, detail, ...asPipe, origins: act.origins });
    if (act.url !== undefined) this.draft.tell(line, { kind: 'network', api, detail: act.url });
  }

  /** `NODE_OPTIONS=--require=./x`: every Node that is started from here loads it. */
  #readVariable(variable: string, line: number): void {
    if (!variable.startsWith('NODE_OPTIONS=')) return;
    for (const [, file] of variable.matchAll(/--(?:require|import|loader)[=\s]+(\.[^\s]+)/g))
      if (file !== undefined) this.draft.run(line, file, { language: 'javascript', isCertain: true });
  }

  #readWrite(path: string, command: ShellCommand): void {
    const [, address] = /^\/dev\/(?:tcp|udp)\/([^/]+\/\d+)/.exec(path) ?? [];
    if (address !== undefined) {
      this.#tellProcess(command, asPipe);
      this.draft.tell(command.line, { kind: 'network', api: '/dev/tcp', detail: address.replace('/', ':') });
    } else if (!path.startsWith('/dev/')) {
      this.draft.tellFile(command.line, { kind: 'file-write', api: command.words[0] ?? '>', detail: path });
    }
  }
}

interface ForeignPlace {
  readonly line: number;
  readonly api: string;
  readonly command?: ProgramCall['command'];
}

/** Text for `node -e`, a script or a module. */
function codeOf(text: string): readonly FnSummary[] {
  const script = analyzeFile(text, 'text.cjs');
  return script.failure === undefined ? script.fns : analyzeFile(text, 'text.mjs').fns;
}
