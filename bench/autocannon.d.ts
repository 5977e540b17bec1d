// biome-ignore-all lint/style/noDefaultExport: a declaration says what a library does, and this one exports a default.
/** The load generator comes without types: only what the bench uses of it. */
declare module 'autocannon' {
  export interface Options {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly requests?: readonly { readonly path: string }[];
  }

  export interface Measured {
    readonly requests: { readonly average: number; readonly total: number };
    readonly latency: { readonly p50: number; readonly p97_5: number; readonly p99: number; readonly max: number };
    readonly non2xx: number;
    readonly errors: number;
  }

  export default function autocannon(options: Options): Promise<Measured>;
}
