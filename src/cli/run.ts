/** The command line: what can be asked, and how the process ends. */
import { Command, CommanderError, Option } from 'commander';
import { GuardError } from '../errors.ts';
import type { Answer, Give } from './answer.ts';
import type { CheckCommandOptions } from './check.ts';
import { defineService } from './define-service.ts';
import type { DiffOptions } from './diff.ts';
import { fail } from './fail.ts';
import type { FixOptions } from './fix.ts';
import type { InstallOptions } from './install.ts';
import { say } from './terminal.ts';
import { readOwnVersion } from './version.ts';

const exitStatuses = `
Exit status: 0 allow, or review without --strict · 1 block · 2 wrong usage, policy or lockfile ·
3 undecided, because something needed could not be had · 70 a bug in Sluice`;

export async function run(argv: readonly string[]): Promise<void> {
  // An error that nobody caught would end with 1, which means block.
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  process.stdout.on('error', endWithoutReader);
  try {
    await finish(await ask(argv));
  } catch (error) {
    process.exitCode = fail(error);
  }
}

/** The status is set before the text is written: a reader that leaves early does not change it. */
async function finish({ exit, text }: Answer): Promise<void> {
  process.exitCode = exit;
  process.stdout.write(text);
}

/** `sluice … | head` is no failure. An answer that could not be written is. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  say(`sluice: the answer could not be written to stdout (${error.code ?? error.message}).`);
  process.exit(3);
}

async function ask(argv: readonly string[]): Promise<Answer> {
  let answer: Answer = { exit: 0, text: '' };
  const program = defineProgram((given) => {
    answer = given;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for is an answer; commander has put it into `answer` then.
    if (error.exitCode === 0) return answer;
    const said =
      error.code === 'commander.help'
        ? 'Say what to do: check, diff, fix, install, ci, serve, token, approve, reassess, rules or explain.'
        : error.message;
    throw new GuardError('usage', said.replace(/^error: /, ''), { cause: error });
  }
  return answer;
}

function defineProgram(give: Give): Command {
  let shown = '';
  const collect = (text: string): void => {
    shown += text;
    give({ exit: 0, text: shown });
  };
  const program = new Command('sluice')
    .description('A gate between the npm registry and your lockfile: may this update go through?')
    .version(readOwnVersion(), '-v, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: collect, writeErr: () => {} })
    .addHelpText('after', exitStatuses);
  defineCheck(program, give);
  defineDiff(program, give);
  defineFix(program, give);
  defineInstall(program, give);
  defineService(program, give);
  program
    .command('rules')
    .description('list the rules')
    .action(async () => give((await import('./rules.ts')).listRules()));
  program
    .command('explain <rule>')
    .description('say what a rule sees, why it matters, and what to do')
    .action(async (id: string) => give((await import('./rules.ts')).explainRule(id)));
  return program;
}

/** What every judging command takes. */
function defineSources(command: Command, policy = './sluice.json, if it is there'): Command {
  return command
    .option('--policy <file>', `read the policy from this file (default: ${policy})`)
    .option('--strict', 'exit with 1 on review too')
    .option('--offline', "ask no registry; npm's cache is all there is")
    .option('--registry <url>', 'ask this registry instead of the one that .npmrc names')
    .option('--cache <folder>', "use this folder as npm's cache");
}

/** What every command takes that compares lockfiles. */
function defineComparison(command: Command): Command {
  return defineSources(command, "the base's sluice.json, if it has one")
    .option(
      '--base <ref or file>',
      'compare with this commit or lockfile (default: the merge base with the main branch)',
    )
    .option('--lockfile <file>', 'the lockfile to look at (default: the nearest one above this folder)')
    .option('--no-store', 'remember nothing, and use nothing remembered');
}

/** What those take that can ask somebody else. */
function defineServer(command: Command): Command {
  return command
    .addOption(
      new Option('--server <url>', 'ask this verdict API instead of computing').conflicts([
        'offline',
        'registry',
        'cache',
      ]),
    )
    .option('--server-token <token>', 'its token (better: in the variable SLUICE_TOKEN, which no process list shows)');
}

function defineCheck(program: Command, give: Give): void {
  const command = program.command('check').description('judge what changed in the lockfile, as a whole');
  defineServer(defineComparison(command))
    .option('--all', 'look at the whole tree, not only at what changed')
    .addOption(new Option('--json', 'print one JSON object (docs/check.schema.json)').conflicts('markdown'))
    .option('--markdown', 'print what a pull request would show')
    .option('--sarif <file>', 'also write a SARIF 2.1.0 report to this file')
    .addHelpText('after', exitStatuses)
    .action(async (options: CheckCommandOptions) => give(await (await import('./check.ts')).check(options)));
}

function defineFix(program: Command, give: Give): void {
  const command = program
    .command('fix')
    .description('write the smallest edit of the lockfile that removes what `check` says of selection');
  defineComparison(command)
    .option('--dry-run', 'print the edit, and write nothing')
    .addHelpText('after', exitStatuses)
    .action(async (options: FixOptions) => give(await (await import('./fix.ts')).fix(options)));
}

function defineInstall(program: Command, give: Give): void {
  const command = program
    .command('install [npm-arguments...]')
    .aliases(['i', 'add'])
    .description('let npm resolve, judge the lockfile it would write, and install exactly that');
  defineSources(command)
    .option('--accept-review', 'install on review too, without asking')
    .option('--no-store', 'remember nothing, and use nothing remembered')
    .allowUnknownOption()
    .addHelpText('after', `\nEverything else is passed on to npm install.\n${exitStatuses}`)
    .action(async (_: unknown, options: InstallOptions, { args }: Command) =>
      give(await (await import('./install.ts')).install(args, options)),
    );
  const ci = program
    .command('ci [npm-arguments...]')
    .description('judge the committed lockfile, and run `npm ci` if it may be installed');
  defineComparison(ci)
    .option('--accept-review', 'install on review too, without asking')
    .allowUnknownOption()
    .addHelpText('after', `\nEverything else is passed on to npm ci.\n${exitStatuses}`)
    .action(async (_: unknown, options: InstallOptions & { readonly base?: string }, { args }: Command) =>
      give(await (await import('./install.ts')).ci(args, options)),
    );
}

function defineDiff(program: Command, give: Give): void {
  const command = program
    .command('diff <old> <new>')
    .description('judge one update: two versions of a package, or two tarballs')
    .addOption(new Option('--json', 'print one JSON object (docs/verdict.schema.json)').conflicts('markdown'))
    .option('--markdown', 'print what a pull request would show');
  defineServer(defineSources(command))
    .option('--no-store', 'remember nothing, and use nothing remembered')
    .addHelpText(
      'after',
      `
Examples:
  sluice diff left-pad@1.2.0 left-pad@1.3.0
  sluice diff @scope/name@1.0.0 1.0.1
  sluice diff old.tgz new.tgz
${exitStatuses}`,
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('./diff.ts');
      give(await diff(before, after, options));
    });
}
