/** Names by which a program tells one machine or user from others, and names of what may be done with a secret. */

/** Canonical names of functions. */
export const identities: ReadonlySet<string> = new Set([
  'os.hostname',
  'os.userInfo',
  'os.networkInterfaces',
  'os.homedir',
  'process.cwd',
]);

/** Of the environment. */
export const identityVariables: ReadonlySet<string> = new Set(
  'USER USERNAME LOGNAME HOSTNAME COMPUTERNAME HOME PWD'.split(' '),
);

/** What a call makes of a secret that does not give it away, and questions about it. */
export const keepsSecret: RegExp =
  /hmac|hash|digest|^sign$|sign(?:ed|er|ature|transaction|message|typeddata)|encrypt|verify|pbkdf|scrypt|bcrypt|publickey|^(?:test|includes|startsWith|endsWith|indexOf|existsSync|exists|access|accessSync|stat|statSync|isArray|has|createServer|getTime)$/i;
