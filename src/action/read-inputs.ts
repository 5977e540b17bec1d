/** What the workflow says in `with:`. An input that is not given is absent: defaults stand here and in the policy's schema only. */
import { GuardError } from '../errors.ts';
import { parseServer, type Server } from '../guard/ask-server.ts';
import type { Conclusion } from '../model/verdict.ts';

export interface ActionInputs {
  readonly token: string;
  /** From the root of the repository. Undefined: `sluice.json`, in the lockfile's folder or at the root. */
  readonly policyPath: string | undefined;
  /** Paths or globs. Empty: every lockfile of the repository. */
  readonly lockfiles: readonly string[];
  readonly failOn: ReadonlySet<Conclusion>;
  readonly comment: CommentChoice;
  /** Where the SARIF report is to be written. */
  readonly sarif: string | undefined;
  /** A ref or commit in place of what the event says. */
  readonly base: string | undefined;
  readonly head: string | undefined;
  /** The verdict API to ask in place of computing. */
  readonly server: Server | undefined;
}

const commentChoices = ['always', 'on-finding', 'never'] as const;
export type CommentChoice = (typeof commentChoices)[number];

const failChoices = ['block', 'review', 'undecided'] as const;
/** Undecided is never green by itself: whoever wants that says so. */
const defaultFailOn: readonly (typeof failChoices)[number][] = ['block', 'undecided'];

export function readInputs(env: Readonly<Record<string, string | undefined>>): ActionInputs {
  const read = (name: string): string | undefined => {
    const text = env[`INPUT_${name.toUpperCase()}`]?.trim();
    return text === '' ? undefined : text;
  };
  const token = read('token');
  if (token === undefined) {
    throw new GuardError('input-invalid', 'The input `token` is empty; leave it out, and the job’s own token is used.');
  }
  const failOn = readList(read('fail-on')).map((word) => readChoice('fail-on', word, failChoices));
  return {
    token,
    policyPath: read('policy-path'),
    lockfiles: readList(read('lockfiles')),
    failOn: new Set([
      ...(failOn.length === 0 ? defaultFailOn : failOn),
      ...(readSwitch('strict', read('strict')) ? (['review'] as const) : []),
    ]),
    comment: readChoice('comment', read('comment') ?? 'on-finding', commentChoices),
    sarif: read('sarif'),
    base: read('base'),
    head: read('head'),
    server: readServer(read('server-url'), read('server-token')),
  };
}

function readServer(address: string | undefined, token: string | undefined): Server | undefined {
  if (address !== undefined) return parseServer({ address, token, called: 'the input `server-url`' });
  if (token === undefined) return undefined;
  throw new GuardError('input-invalid', 'The input `server-token` is given without `server-url`: nobody would get it.');
}

/** Separated by commas or line breaks. */
function readList(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readChoice<T extends string>(name: string, word: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === word);
  if (chosen !== undefined) return chosen;
  throw new GuardError('input-invalid', `The input \`${name}\` is ${word}; it takes ${choices.join(', ')}.`);
}

function readSwitch(name: string, text: string | undefined): boolean {
  return text !== undefined && readChoice(name, text, ['true', 'false']) === 'true';
}
