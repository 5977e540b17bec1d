/** Every operational failure, with its exit status, its HTTP status and what to do about it. A bug is a plain Error. */

export type ErrorCode =
  | 'usage'
  | 'policy-invalid'
  | 'package-spec-invalid'
  | 'package-unknown'
  | 'version-unknown'
  | 'unauthorized'
  | 'registry-unreachable'
  | 'registry-malformed'
  | 'offline'
  | 'tarball-unreadable'
  | 'lockfile-invalid'
  | 'manifest-invalid'
  | 'base-unreadable'
  | 'npm-failed'
  | 'file-unreadable'
  | 'cache-unwritable'
  | 'store-unreadable'
  | 'store-newer'
  | 'input-invalid'
  | 'github-failed'
  | 'node-too-old';

interface ErrorKind {
  /** Process exit status: 2 usage, policy or lockfile; 3 undecided. */
  readonly exit: 2 | 3;
  /** HTTP status of the API's problem document. */
  readonly status: number;
  /** What the person can do now. */
  readonly hint: string;
}

const errorKinds: Readonly<Record<ErrorCode, ErrorKind>> = {
  usage: { exit: 2, status: 400, hint: 'Run `sluice --help` to see the commands and their options.' },
  'policy-invalid': { exit: 2, status: 422, hint: 'Mend the policy file; docs/policy.md describes every key.' },
  'package-spec-invalid': {
    exit: 2,
    status: 400,
    hint: 'Name one exact version on each side, as in `sluice diff left-pad@1.2.0 left-pad@1.3.0`.',
  },
  'package-unknown': { exit: 2, status: 404, hint: 'Check the spelling, and that .npmrc names the right registry.' },
  'version-unknown': { exit: 2, status: 404, hint: 'Check the version; `npm view <package> versions` lists them.' },
  unauthorized: {
    exit: 3,
    status: 502,
    hint: 'Log in with `npm login`, or put a token for this registry or scope into .npmrc.',
  },
  'registry-unreachable': {
    exit: 3,
    status: 502,
    hint: 'Check the network, the proxy and the registry in .npmrc, then run the same command again.',
  },
  'registry-malformed': {
    exit: 3,
    status: 502,
    hint: 'The registry answered with something that is no package document; check the registry in .npmrc.',
  },
  offline: { exit: 3, status: 503, hint: 'Run the same command once without --offline to fill the cache.' },
  'tarball-unreadable': {
    exit: 2,
    status: 422,
    hint: 'Give a package tarball as `npm pack` writes it: a gzipped tar with a package.json in its one folder.',
  },
  'lockfile-invalid': {
    exit: 2,
    status: 422,
    hint: 'Write it anew with `npm install --package-lock-only --ignore-scripts`, look at what changed, and commit it.',
  },
  'manifest-invalid': {
    exit: 2,
    status: 422,
    hint: 'Mend the package.json; `npm install --package-lock-only --ignore-scripts` tells whether npm can read it.',
  },
  'base-unreadable': {
    exit: 2,
    status: 422,
    hint: 'Name what to compare with: `--base <git ref>` or `--base <lockfile>`.',
  },
  'npm-failed': { exit: 3, status: 502, hint: 'Mend what npm names, then run the same command again.' },
  'file-unreadable': { exit: 2, status: 422, hint: 'Check the path and its permissions.' },
  'cache-unwritable': {
    exit: 3,
    status: 503,
    hint: 'Free some space, or point npm at another cache with `cache=` in .npmrc.',
  },
  'store-unreadable': {
    exit: 2,
    status: 500,
    hint: 'Check the path and its permissions, or move the file away; --no-store does without it.',
  },
  'store-newer': { exit: 2, status: 500, hint: 'Use the newer Sluice that wrote it; --no-store does without it.' },
  'input-invalid': {
    exit: 2,
    status: 400,
    hint: 'Mend the step in the workflow file; docs/action.md describes the events and every input.',
  },
  'github-failed': {
    exit: 3,
    status: 502,
    hint: 'Check that the job has `permissions: contents: read`, then run it again.',
  },
  'node-too-old': { exit: 2, status: 500, hint: 'Install Node 24.15 or newer.' },
};

export class GuardError extends Error {
  readonly code: ErrorCode;

  /** @param message One sentence: what, and where. Foreign text stands in it raw; reports escape it. */
  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'GuardError';
    this.code = code;
  }

  get exit(): ErrorKind['exit'] {
    return errorKinds[this.code].exit;
  }

  get hint(): string {
    return errorKinds[this.code].hint;
  }
}
