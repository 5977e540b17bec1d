// biome-ignore-all lint/style/noDefaultExport: a declaration says what a library does, and these export defaults.
/** npm's own libraries that come without types: only what this folder uses of them, read from their documentation. */

declare module '@npmcli/config' {
  interface ConfigOptions {
    readonly npmPath: string;
    readonly definitions: object;
    readonly shorthands: object;
    readonly flatten: object;
    readonly nerfDarts: readonly string[];
    readonly argv: readonly string[];
    readonly env: Record<string, string | undefined>;
    readonly cwd: string;
    readonly warn: boolean;
  }
  export default class Config {
    constructor(options: ConfigOptions);
    load(): Promise<void>;
    /** Where the key's value comes from: `default`, `builtin`, `global`, `user`, `project`, `env` or `cli`. */
    find(key: string): string | null;
    /** The options as npm's libraries take them. */
    readonly flat: Readonly<Record<string, unknown>>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const contents: {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly definitions: object;
    readonly shorthands: object;
    readonly flatten: object;
    readonly nerfDarts: readonly string[];
  };
  export default contents;
}

declare module 'cacache' {
  interface PutOptions {
    readonly algorithms: readonly string[];
    readonly metadata: Readonly<Record<string, unknown>>;
  }
  const cacache: {
    put(cache: string, key: string, bytes: Uint8Array, options: PutOptions): Promise<unknown>;
  };
  export default cacache;
}

declare module 'make-fetch-happen' {
  interface Answer {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
    readonly body: AsyncIterable<Uint8Array>;
  }
  /** `options` are npm's flattened ones and the request's own. */
  export default function fetch(url: string, options: Readonly<Record<string, unknown>>): Promise<Answer>;
}
