// biome-ignore-all lint/style/noDefaultExport: a declaration says what a library does, and this one exports a default.
/** The peer comes without types: only what the bench uses of it, read from its documentation. */

declare module 'lockfile-lint-api' {
  interface Validator {
    validate(allowed?: readonly string[]): { readonly type: string; readonly errors: readonly unknown[] };
  }
  type ValidatorClass = new (options: { readonly packages: unknown }) => Validator;
  const api: {
    readonly ParseLockfile: new (options: {
      readonly lockfilePath: string;
      readonly lockfileText: string;
      readonly lockfileType: string;
    }) => { parseSync(): { readonly object: unknown } };
    readonly ValidateHost: ValidatorClass;
    readonly ValidateHttps: ValidatorClass;
    readonly ValidateIntegrity: ValidatorClass;
    readonly ValidatePackageNames: ValidatorClass;
    readonly ValidateScheme: ValidatorClass;
  };
  export default api;
}
