/** The one comment on a pull request, kept up to date. Known by its marker and its author: anybody can write the marker. */
import type { Conclusion } from '../model/verdict.ts';
import { describeFailure, type Github } from './github.ts';
import type { CommentChoice } from './read-inputs.ts';

const marker = '<!-- sluice:check -->';
/** GitHub's limit for a comment. */
export const maxCommentChars: number = 65_536 - marker.length - 1;

export interface CommentWish {
  readonly pull: number;
  readonly choice: CommentChoice;
  readonly result: Conclusion | 'error';
  readonly markdown: string;
}

/** Returns what went wrong, as a sentence: a comment is a courtesy, and never decides the job. */
export async function keepComment(
  github: Github,
  { pull, choice, result, markdown }: CommentWish,
): Promise<string | undefined> {
  if (choice === 'never') return undefined;
  const body = `${marker}\n${markdown}`;
  try {
    const author = (await findLogin(github)) ?? actionsLogin;
    const own = await github.findComment(pull, (one) => one.author === author && one.body.startsWith(marker));
    if (own === undefined) {
      if (choice === 'always' || result !== 'allow') await github.createComment(pull, body);
    } else if (own.body !== body) await github.updateComment(own.id, body);
    return undefined;
  } catch (error) {
    return `The comment on pull request ${pull} was not written (${describeFailure(error)}); the job summary has the report.`;
  }
}

/** The login of a job's own token. */
const actionsLogin = 'github-actions[bot]';

/** Not every token may ask who it is. */
async function findLogin(github: Github): Promise<string | undefined> {
  try {
    return await github.findOwnLogin();
  } catch {
    return undefined;
  }
}
