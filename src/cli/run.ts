/** The command line: what can be asked, and how the process ends. */
import { Command, CommanderError, Option } from 'commander';
import { GuardError } from '../errors.ts';
import type { Answer } from './answer.ts';
import type { DiffOptions } from './diff.ts';
import { fail } from './fail.ts';
import { say } from './terminal.ts';
import { readOwnVersion } from './version.ts';

const exitStatuses = `
Exit status: 0 allow, or review without --strict · 1 block · 2 wrong usage or policy ·
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
    const said = error.code === 'commander.help' ? 'Say what to do: diff, rules or explain.' : error.message;
    throw new GuardError('usage', said.replace(/^error: /, ''), { cause: error });
  }
  return answer;
}

function defineProgram(give: (answer: Answer) => void): Command {
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
  defineDiff(program, give);
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

function defineDiff(program: Command, give: (answer: Answer) => void): void {
  program
    .command('diff <old> <new>')
    .description('judge one update: two versions of a package, or two tarballs')
    .addOption(new Option('--json', 'print one JSON object (docs/verdict.schema.json)').conflicts('markdown'))
    .option('--markdown', 'print what a pull request would show')
    .option('--policy <file>', 'read the policy from this file (default: ./sluice.json, if it is there)')
    .option('--strict', 'exit with 1 on review too')
    .option('--offline', "ask no registry; npm's cache is all there is")
    .option('--registry <url>', 'ask this registry instead of the one that .npmrc names')
    .option('--cache <folder>', "use this folder as npm's cache")
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
