/** A run of the Action: event and inputs → verdicts → summary, annotations, comment, outputs, exit status. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { GuardError } from '../errors.ts';
import { createMemoryStore } from '../model/fact-store.ts';
import { renderAnnotations } from '../report/render-annotations.ts';
import {
  type CheckOutcome,
  concludeOutcome,
  renderChecksMarkdown,
  renderNothing,
  sortOutcomes,
} from '../report/render-checks-markdown.ts';
import { findTouched } from './find-projects.ts';
import { connectGithub, type Github } from './github.ts';
import { type JudgeSettings, judgeProject } from './judge-project.ts';
import { keepComment, maxCommentChars } from './keep-comment.ts';
import { loadChange, type RepositoryChange } from './load-change.ts';
import { readEvent } from './read-event.ts';
import { type ActionInputs, readInputs } from './read-inputs.ts';
import { annotateOutcome, countFindings, identifyOutcomes, renderReport, renderSarifOf } from './render-outcomes.ts';
import { maxCheckChars, writeNeutralCheck } from './write-neutral-check.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Exit = 0 | 1 | 2 | 3 | 70;

/** A job's summary may have 1 MiB. */
const maxSummaryChars = 1_000_000;
const maxProjects = 100;

export async function runAction(env: Environment = process.env): Promise<Exit> {
  const say = sayWithout([env['INPUT_TOKEN'], env['INPUT_SERVER-TOKEN']]);
  try {
    return await judgeEvent(env, say);
  } catch (error) {
    const outcome = explain(error, undefined);
    await show([outcome], env, say);
    return exitOfError(error);
  }
}

async function judgeEvent(env: Environment, say: Say): Promise<Exit> {
  const inputs = readInputs(env);
  const github = connectTo(env, inputs.token);
  const event = readEvent({
    name: env['GITHUB_EVENT_NAME'] ?? '',
    sha: env['GITHUB_SHA'] ?? '',
    text: await readFile(env['GITHUB_EVENT_PATH'] ?? '', 'utf8'),
  });
  const change = await loadChange(github, event, inputs);
  if (typeof change === 'string') return finishEmpty(change, env, say);
  const { projects, unreadable } = findTouched(change.before?.files, change.after.files, inputs.lockfiles);
  if (projects.length > maxProjects) {
    const problem = `This change touches ${projects.length} lockfiles; at most ${maxProjects} are judged in one run`;
    throw new GuardError('input-invalid', `${problem}. Name them in several steps with the input \`lockfiles\`.`);
  }
  const settings: JudgeSettings = {
    github,
    policyPath: inputs.policyPath,
    server: inputs.server,
    store: createMemoryStore(),
    engine: manifest.version,
    asOf: new Date().toISOString(),
    warn: (message) => say(renderAnnotations([{ kind: 'warning', title: 'Sluice', message }])),
  };
  const outcomes: CheckOutcome[] = unreadable.map(refuseFormat);
  const exits: Exit[] = outcomes.map(() => 3);
  for (const project of projects) {
    try {
      const check = await judgeProject(project, change, settings);
      outcomes.push({ lockfile: project.lockfile, check });
      if (inputs.failOn.has(check.result)) exits.push(check.result === 'undecided' ? 3 : 1);
    } catch (error) {
      outcomes.push(explain(error, project.lockfile));
      exits.push(exitOfError(error));
    }
  }
  if (outcomes.length === 0) {
    const where =
      change.before === undefined ? 'There is no npm lockfile' : 'No lockfile changed, nor what belongs to one';
    return finishEmpty(where, env, say);
  }
  const sorted = sortOutcomes(outcomes);
  await show(sorted, env, say);
  const exit = worstExit(exits);
  await report(sorted, { inputs, github, change, env, say, passes: exit === 0 });
  return exit;
}

interface Reporting {
  readonly inputs: ActionInputs;
  readonly github: Github;
  readonly change: RepositoryChange;
  readonly env: Environment;
  readonly say: Say;
  readonly passes: boolean;
}

/** Besides what every run shows: files, where they are wanted, check and comment, where they may be written. */
async function report(
  outcomes: readonly CheckOutcome[],
  { inputs, github, change, env, say, passes }: Reporting,
): Promise<void> {
  if (inputs.sarif !== undefined) {
    const path = resolve(env['GITHUB_WORKSPACE'] ?? '.', inputs.sarif);
    await write(path, renderSarifOf(outcomes));
    await give(env, { 'sarif-path': path });
  }
  const [worst] = outcomes;
  const result = worst === undefined ? 'error' : concludeOutcome(worst);
  const tell = (trouble: string | undefined): void => {
    if (trouble !== undefined) say(renderAnnotations([{ kind: 'notice', title: 'Sluice', message: trouble }]));
  };
  if (passes && result !== 'allow') {
    const title = `${result}: ${countFindings(outcomes)} to look at`;
    const markdown = renderChecksMarkdown(outcomes, maxCheckChars);
    tell(await writeNeutralCheck(github, { commit: change.after.commit, title, markdown }));
  }
  if (change.pull === undefined) return;
  const markdown = renderChecksMarkdown(outcomes, maxCommentChars);
  tell(await keepComment(github, { pull: change.pull, choice: inputs.comment, result, markdown }));
}

/** Summary, annotations and outputs: they need no permission. */
async function show(outcomes: readonly CheckOutcome[], env: Environment, say: Say): Promise<void> {
  const [worst] = outcomes;
  const result = worst === undefined ? 'error' : concludeOutcome(worst);
  say(renderAnnotations(outcomes.flatMap(annotateOutcome)));
  await appendTo(env['GITHUB_STEP_SUMMARY'], renderChecksMarkdown(outcomes, maxSummaryChars));
  const path = join(env['RUNNER_TEMP'] ?? tmpdir(), 'sluice-report.json');
  await write(path, renderReport(outcomes));
  await give(env, {
    result,
    'verdict-id': identifyOutcomes(outcomes),
    findings: String(countFindings(outcomes)),
    'report-path': path,
  });
  say(`Sluice: ${result}. The job summary has the report.\n`);
}

async function finishEmpty(sentence: string, env: Environment, say: Say): Promise<Exit> {
  await appendTo(env['GITHUB_STEP_SUMMARY'], renderNothing(sentence));
  await give(env, { result: 'allow', 'verdict-id': '', findings: '0' });
  say(renderAnnotations([{ kind: 'notice', title: 'Sluice', message: `${sentence}.` }]));
  return 0;
}

function connectTo(env: Environment, token: string): Github {
  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const apiUrl = env['GITHUB_API_URL'] ?? '';
  if (owner === '' || repo === '' || !URL.canParse(apiUrl)) {
    throw new GuardError(
      'input-invalid',
      'GITHUB_REPOSITORY or GITHUB_API_URL is not set: Sluice’s Action runs in a GitHub workflow.',
    );
  }
  return connectGithub({ apiUrl, owner, repo, token, version: manifest.version });
}

function refuseFormat(lockfile: string): CheckOutcome {
  return {
    lockfile,
    problem: 'It changed, and it is a link, or no lockfile of npm: Sluice has not looked at it.',
    hint: 'Look at it by hand, or name the lockfiles to judge with the input `lockfiles`.',
  };
}

function explain(error: unknown, lockfile: string | undefined): CheckOutcome {
  if (error instanceof GuardError) return { lockfile, problem: error.message, hint: error.hint };
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { lockfile, problem: `This is a bug in Sluice: ${what}`, hint: 'Please report it, with this sentence.' };
}

function exitOfError(error: unknown): Exit {
  return error instanceof GuardError ? error.exit : 70;
}

/** A block is the clearest answer; then what is wrong with the workflow or with Sluice. */
function worstExit(exits: readonly Exit[]): Exit {
  const order: readonly Exit[] = [1, 70, 2, 3];
  return order.find((exit) => exits.includes(exit)) ?? 0;
}

type Say = (text: string) => void;

/** Whatever is said, no token is in it. */
function sayWithout(tokens: readonly (string | undefined)[]): Say {
  const secrets = tokens.map((token) => token?.trim() ?? '').filter((secret) => secret !== '');
  return (text) => {
    process.stdout.write(secrets.reduce((said, secret) => said.replaceAll(secret, '***'), text));
  };
}

/** Values are words, numbers, digests and paths of the runner: none has a line break. */
async function give(env: Environment, outputs: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value.replaceAll(/[\r\n]/g, ' ')}\n`);
  await appendTo(env['GITHUB_OUTPUT'], lines.join(''));
}

async function appendTo(path: string | undefined, text: string): Promise<void> {
  if (path !== undefined && path !== '') await appendFile(path, text);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
