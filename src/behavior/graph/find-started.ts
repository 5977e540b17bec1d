/** The file of the package that a command starts, if it is one. */
import type { CodeFiles } from '../code-files.ts';
import { readCommandLine } from '../scripts/read-script.ts';
import type { FileSummary, FnSummary, LocalBehavior, ModuleLoad, RunAs } from '../summary/file-summary.ts';
import { findFile, findImported } from './resolve-module.ts';

/** Windows looks for these where no ending is written. */
const windowsEndings = ['.cmd', '.bat', '.exe'];

/** Named from the folder where npm runs its scripts, or from the file's own. */
export function findStarted(specifier: string, from: string, files: CodeFiles): string | undefined {
  const path =
    findFile(specifier, files.tree) ??
    findImported(`./${specifier}`, from, files.tree) ??
    windowsEndings.map((ending) => findFile(specifier + ending, files.tree)).find((found) => found !== undefined);
  return path === 'package.json' ? undefined : path;
}

const known = new WeakMap<LocalBehavior, readonly StartedLoad[]>();

/** Files that code starts by a command: `execSync('sh setup.sh')`, `fork('./worker.js')`, `new Worker('./worker.js')`. */
export function listStarts(behavior: LocalBehavior): readonly StartedLoad[] {
  let starts = known.get(behavior);
  if (starts === undefined) {
    starts = readStarts(behavior);
    known.set(behavior, starts);
  }
  return starts;
}

function readStarts({ kind, api, detail, line }: LocalBehavior): readonly StartedLoad[] {
  if (detail === undefined || detail.length > maxCommand) return [];
  const isWorker = api === 'worker_threads.Worker' || api === 'child_process.fork';
  if (kind !== 'child-process' && !isWorker) return [];
  // What stands first where the text does not tell is `process.execPath`, as a rule.
  const command = isWorker ? `node ${detail}` : detail.replace(/^…(?= )/, 'node');
  const [fn] = readCommandLine(command.replaceAll('<package>/', './'), '').fns;
  return (fn?.loads ?? []).flatMap((load) => (load.runAs === undefined ? [] : [{ ...load, line, runAs: load.runAs }]));
}

/** Files of code that are read as text where text that comes from a file is run: `eval(readFileSync(__dirname + '/one.js'))`. */
export function listRunTexts({ behaviors }: FnSummary, file: FileSummary | undefined): readonly ModuleLoad[] {
  const run = behaviors.find(({ kind, origins }) => kind === 'dynamic-code' && origins.includes('file'));
  if (run === undefined || file === undefined) return [];
  const read = file.fns.flatMap((fn) => fn.behaviors.filter(({ kind }) => kind === 'file-read'));
  return read.flatMap(({ detail, line }) => {
    const [, path] = /^(?:<package>|\.)\/([^…]*)$/.exec(detail ?? '') ?? [];
    return path === undefined
      ? []
      : [{ specifier: `./${path}`, line, guards: run.guards, conditional: false, caught: false }];
  });
}

/** A command's text; anything longer is data. */
const maxCommand = 1_000;

export type StartedLoad = ModuleLoad & { readonly runAs: RunAs };
