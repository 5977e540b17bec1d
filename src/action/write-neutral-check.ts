/**
 * A check that is neither green nor red, beside the job's own: a job can only pass or fail, and what a person has to look
 * at is neither. Needs `checks: write`; a token that may not write it leaves the summary and the annotations.
 */
import { describeFailure, type Github } from './github.ts';

export interface NeutralCheck {
  /** The commit that was judged. */
  readonly commit: string;
  /** One line. */
  readonly title: string;
  readonly markdown: string;
}

/** GitHub's limit for a check's summary. */
export const maxCheckChars: number = 65_535;

/** Returns what went wrong, as a sentence, where it is not merely that the token may not. */
export async function writeNeutralCheck(github: Github, check: NeutralCheck): Promise<string | undefined> {
  try {
    await github.createNeutralCheck(check);
    return undefined;
  } catch (error) {
    const failure = describeFailure(error);
    return failure === 'HTTP 403' || failure === 'HTTP 404'
      ? undefined
      : `The neutral check was not written (${failure}); the job summary has the report.`;
  }
}
