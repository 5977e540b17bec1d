// biome-ignore-all lint/style/noDefaultExport: a declaration says what a library does, and this one exports a default.
/** The database driver comes without types: only what this folder uses of it, read from its documentation. */
declare module 'better-sqlite3' {
  type Value = string | number | null | Uint8Array;

  interface Statement {
    all(parameters: Readonly<Record<string, Value>>): readonly unknown[];
    run(parameters: Readonly<Record<string, Value>>): unknown;
  }

  export default class Database {
    constructor(path: string, options: { readonly timeout: number });
    prepare(sql: string): Statement;
    exec(sql: string): unknown;
    pragma(text: string, options?: { readonly simple: true }): unknown;
    close(): unknown;
  }
}
