/** What a command hands back: the text for stdout, and the process's exit status. */
export interface Answer {
  /** 0 allow · 1 block (and review with --strict) · 2 usage, policy or lockfile · 3 undecided · 70 bug. */
  readonly exit: 0 | 1 | 2 | 3 | 70;
  readonly text: string;
}

export type Give = (answer: Answer) => void;
