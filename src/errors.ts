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
  | 'request-invalid'
  | 'token-missing'
  | 'token-invalid'
  | 'scope-missing'
  | 'host-refused'
  | 'not-found'
  | 'method-unknown'
  | 'not-acceptable'
  | 'body-too-large'
  | 'body-unreadable'
  | 'headers-too-large'
  | 'request-timeout'
  | 'idempotency-key-reused'
  | 'too-many-requests'
  | 'overloaded'
  | 'queue-full'
  | 'draining'
  | 'store-busy'
  | 'job-crashed'
  | 'job-too-long'
  | 'tokens-needed'
  | 'address-unusable'
  | 'server-unreachable'
  | 'server-refused'
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
  'request-invalid': { exit: 2, status: 400, hint: 'The service describes every request at /docs.' },
  'token-missing': {
    exit: 2,
    status: 401,
    hint: 'Send `Authorization: Bearer <token>`; `sluice token create` on the server makes one.',
  },
  'token-invalid': {
    exit: 2,
    status: 401,
    hint: 'Check that the whole token was sent; `sluice token list` on the server tells which ones are in force.',
  },
  'scope-missing': {
    exit: 2,
    status: 403,
    hint: 'Take a token with this scope: `sluice token create --scope <scope>` on the server.',
  },
  'host-refused': {
    exit: 2,
    status: 403,
    hint: 'Ask it as localhost, or make tokens with `sluice token create` and start it with --host.',
  },
  'not-found': { exit: 2, status: 404, hint: 'Check the path and the id; the service describes its paths at /docs.' },
  'method-unknown': { exit: 2, status: 405, hint: 'The service describes its paths and their methods at /docs.' },
  'not-acceptable': { exit: 2, status: 406, hint: 'Name one of them in `Accept`.' },
  'body-too-large': { exit: 2, status: 413, hint: 'Send less at once; the limits are described at /docs.' },
  'body-unreadable': { exit: 2, status: 415, hint: 'Send JSON, with `Content-Type: application/json`.' },
  'headers-too-large': { exit: 2, status: 431, hint: 'Send a shorter URL and fewer headers: 16 KB are read.' },
  'request-timeout': { exit: 3, status: 408, hint: 'Send the whole request at once.' },
  'idempotency-key-reused': {
    exit: 2,
    status: 409,
    hint: 'Use a new key for a new request; a key is known for a day.',
  },
  'too-many-requests': { exit: 3, status: 429, hint: 'Ask again after the time in `Retry-After`.' },
  overloaded: { exit: 3, status: 503, hint: 'Ask again after the time in `Retry-After`.' },
  'queue-full': {
    exit: 3,
    status: 503,
    hint: 'Ask again after the time in `Retry-After`; what is stored is still answered.',
  },
  draining: { exit: 3, status: 503, hint: 'Ask again in a moment: the service is about to stop or to start anew.' },
  'store-busy': { exit: 3, status: 503, hint: 'Ask again after the time in `Retry-After`.' },
  'job-crashed': {
    exit: 3,
    status: 500,
    hint: 'Please report it as a bug in Sluice, with the package and both versions. Nothing else was lost.',
  },
  'job-too-long': { exit: 3, status: 504, hint: 'Give it more time with `sluice serve --job-seconds`.' },
  'tokens-needed': {
    exit: 2,
    status: 500,
    hint: 'Make one with `sluice token create --scope read,check`, or leave --host away.',
  },
  'address-unusable': { exit: 2, status: 500, hint: 'Choose another with --host and --port.' },
  'server-unreachable': { exit: 3, status: 502, hint: 'Check the URL, the network, and that the server runs.' },
  'server-refused': { exit: 3, status: 502, hint: 'Mend what it names, then run the same command again.' },
  'node-too-old': { exit: 2, status: 500, hint: 'Install Node 24.15 or newer.' },
};

/** Of a code that another Sluice wrote. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}

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

  /** HTTP status of the API's problem document. */
  get status(): number {
    return errorKinds[this.code].status;
  }

  get hint(): string {
    return errorKinds[this.code].hint;
  }
}
