/** The commands around the verdict API: what can be asked of them. Each is loaded only where it is run. */
import type { Command } from 'commander';
import type { Give } from './answer.ts';
import type { ApproveOptions } from './approve.ts';
import type { ReassessCommandOptions } from './reassess.ts';
import type { ServeOptions } from './serve.ts';
import type { TokenOptions } from './token.ts';

const database = ['--db <file>', "the service's file (default: the user's own store)"] as const;

export function defineService(program: Command, give: Give): void {
  defineTokens(program.command('token').description('who may ask the verdict API'), give);
  defineApprove(program, give);
  defineReassess(program, give);
  program
    .command('serve')
    .description('answer with verdicts over HTTP')
    .option('--db <file>', "keep everything in this file (default: the user's own store)")
    .option('--host <address>', 'listen here (default: 127.0.0.1); anywhere but on this machine it takes tokens')
    .option('--port <number>', 'listen at this port, 0 for any (default: 7423)')
    .option('--policy <file>', 'read the policy from this file (default: ./sluice.json, if it is there)')
    .option('--registry <url>', 'ask this registry instead of the one that .npmrc names')
    .option('--cache <folder>', "use this folder as npm's cache")
    .option('--offline', "ask no registry; npm's cache is all there is")
    .option('--threads <number>', 'jobs that run at the same time (default: 2)')
    .option('--max-waiting <number>', 'jobs that may be open at the same time (default: 500)')
    .option('--job-seconds <number>', 'time for one job (default: 300)')
    .option('--job-megabytes <number>', 'memory for one job (default: 1536)')
    .option('--requests-per-minute <number>', 'for each caller (default: 60000)')
    .option('--drain-seconds <number>', 'time for what runs when it is told to stop (default: 30)')
    .option('--keep-check-days <number>', 'how long a check is kept once it is done (default: 30)')
    .option(
      '--redirect-hosts <hosts>',
      'where a registry may redirect to, with commas between them (default: nowhere else)',
    )
    .option('--log <level>', 'debug, info, warn, error or silent (default: info)')
    .action(async (options: ServeOptions) => give(await (await import('./serve.ts')).serve(options)));
}

function defineTokens(command: Command, give: Give): void {
  command
    .command('create')
    .description('make a token, and show it this once')
    .requiredOption('--scope <scopes>', 'what it is for: read, check, approve, with commas between them')
    .option('--name <name>', 'whom to name in approvals and in the log (default: the user of this machine)')
    .option(...database)
    .action(async (options: TokenOptions) => give(await (await import('./token.ts')).createToken(options)));
  command
    .command('list')
    .description('list the tokens, without their secrets')
    .option(...database)
    .action(async (options: TokenOptions) => give(await (await import('./token.ts')).showTokens(options)));
  command
    .command('revoke <id>')
    .description('let a token be used no more')
    .option(...database)
    .action(async (id: string, options: TokenOptions) =>
      give(await (await import('./token.ts')).endToken(id, options)),
    );
}

function defineApprove(program: Command, give: Give): void {
  program
    .command('approve [package]')
    .description('let one tarball pass one rule: sluice approve left-pad@1.3.0 --rule … --reason … --expires …')
    .option('--rule <id>', 'the rule')
    .option('--reason <text>', 'why')
    .option('--expires <day>', 'the last day, UTC: 2026-03-31')
    .option('--integrity <sha512>', 'the digest of the tarball (default: that of the stored verdict)')
    .option('--policy <file>', 'the policy under which it counts (default: ./sluice.json, if it is there)')
    .option('--list', 'list what is approved')
    .option('--revoke <id>', 'take an approval back')
    .option(...database)
    .action(async (spec: string | undefined, options: ApproveOptions) =>
      give(await (await import('./approve.ts')).approve(spec, options)),
    );
}

function defineReassess(program: Command, give: Give): void {
  program
    .command('reassess')
    .description('judge again what other rules, another policy or another engine judged, and tell what changed')
    .option(...database)
    .option('--policy <file>', 'the policy that holds now (default: ./sluice.json, if it is there)')
    .option('--registry <url>', 'ask this registry instead of the one that .npmrc names')
    .option('--cache <folder>', "use this folder as npm's cache")
    .option('--check-days <number>', 'also the checks of so many days, for their advisories (default: 7; 0: none)')
    .option('--webhook <url>', 'tell this URL what changed, signed with the secret in SLUICE_WEBHOOK_SECRET')
    .option('--threads <number>', 'jobs that run at the same time (default: 2)')
    .action(async (options: ReassessCommandOptions) => give(await (await import('./reassess.ts')).reassess(options)));
}
