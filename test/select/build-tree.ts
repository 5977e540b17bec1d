/** A tree as `lockfile/` would make it of a noted project, so that selection is tested by itself. */
import type {
  DependencyType,
  LockEdge,
  LockedManifest,
  LockFlags,
  LockNode,
  LockSource,
  LockTree,
} from '../../src/model/lock-tree.ts';
import { findCopy } from '../support/lock-flags.ts';
import { type NotedRegistry, writeLockfile } from '../support/lock-notation.ts';

export interface NotedTree {
  readonly registry: NotedRegistry;
  readonly asks: string;
  readonly tree: string;
  /** By name: the spec that an override of the root puts in place of every dependent's. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Where a copy comes from, by location, when it is no registry. */
  readonly sources?: Readonly<Record<string, LockSource>>;
  /** Locations of packages that ship a shrinkwrap. */
  readonly shrinkwrapped?: readonly string[];
}

/** The fields of a node that are filled while the tree grows. */
interface GrowingNode extends LockNode {
  readonly edgesOut: LockEdge[];
  readonly edgesIn: LockEdge[];
}

type Entry = Readonly<Record<string, Readonly<Record<string, string>> | undefined>> & {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
};

const types = {
  dependencies: 'prod',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
} as const satisfies Readonly<Record<string, DependencyType>>;

export function buildTree(noted: NotedTree): LockTree {
  const packages: Readonly<Record<string, Entry>> = JSON.parse(writeLockfile(noted).lockfile).packages;
  const nodes = new Map<string, GrowingNode>();
  for (const [location, entry] of Object.entries(packages)) nodes.set(location, buildNode(location, entry, noted));
  for (const [location, node] of nodes) {
    for (const [field, type] of Object.entries(types)) {
      for (const [name, declaredSpec] of Object.entries(packages[location]?.[field] ?? {})) {
        const to = nodes.get(findCopy(nodes, location, name) ?? 'nowhere');
        const isOptionalPeer = type === 'peer' && node.manifest.optionalPeers.includes(name);
        const spec = noted.overrides?.[name] ?? declaredSpec;
        const edge: LockEdge = {
          from: node,
          to,
          name,
          spec,
          declaredSpec,
          type: isOptionalPeer ? 'peerOptional' : type,
          overridden: spec !== declaredSpec,
          problem: to === undefined && type !== 'optional' && !isOptionalPeer ? 'missing' : undefined,
        };
        node.edgesOut.push(edge);
        to?.edgesIn.push(edge);
      }
    }
  }
  const root = nodes.get('');
  if (root === undefined) throw new Error('every lockfile has a root');
  return { path: 'package-lock.json', version: 3, root, nodes, disagreements: [] };
}

/** All copies of one package, at one version where there are several. */
export function copiesOf({ nodes }: LockTree, name: string, version?: string): readonly LockNode[] {
  return [...nodes.values()].filter(
    (node) => node.name === name && (version === undefined || node.version === version),
  );
}

function buildNode(location: string, entry: Entry, { sources, shrinkwrapped }: NotedTree): GrowingNode {
  const key = location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const optionalPeers = Object.keys(entry['peerDependenciesMeta'] ?? {});
  const manifest: LockedManifest = {
    dependencies: entry['dependencies'],
    devDependencies: undefined,
    workspaces: undefined,
    optionalDependencies: entry['optionalDependencies'],
    peerDependencies: entry['peerDependencies'],
    optionalPeers,
    bin: undefined,
    os: undefined,
    cpu: undefined,
    deprecated: undefined,
  };
  return {
    location,
    name: entry.name ?? key,
    key,
    version: entry.version,
    source: sources?.[location] ?? (location === '' ? 'root' : 'registry'),
    resolved: entry.resolved,
    integrity: entry.integrity,
    flags: { ...noFlags, hasShrinkwrap: shrinkwrapped?.includes(location) === true },
    manifest,
    target: undefined,
    line: 1,
    edgesOut: [],
    edgesIn: [],
    way: undefined,
  };
}

const noFlags: LockFlags = {
  dev: false,
  optional: false,
  devOptional: false,
  peer: false,
  hasInstallScript: undefined,
  hasShrinkwrap: false,
};
