// biome-ignore-all lint/style/noDefaultExport: a declaration says what a library does, and this one exports a default.
/** npm's own reader of trees, which comes without types: only what the tests ask it. */

declare module '@npmcli/arborist' {
  export interface ArboristNode {
    readonly location: string;
    readonly name: string;
    readonly packageName: string | null;
    readonly version: string;
    readonly isLink: boolean;
    readonly target: ArboristNode;
    readonly inDepBundle: boolean;
    readonly isWorkspace: boolean;
    readonly edgesOut: ReadonlyMap<string, ArboristEdge>;
  }
  export interface ArboristEdge {
    readonly name: string;
    readonly spec: string;
    readonly rawSpec: string;
    readonly type: string;
    readonly to: ArboristNode | null | undefined;
    readonly error: string | null;
  }
  export default class Arborist {
    constructor(options: { readonly path: string; readonly lockfileVersion?: 1 | 2 | 3 });
    loadVirtual(): Promise<
      ArboristNode & {
        readonly inventory: ReadonlyMap<string, ArboristNode>;
        /** As a lockfile's text, of the version that was asked for. */
        readonly meta: { toString(): string };
      }
    >;
  }
}
