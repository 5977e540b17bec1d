/**
 * The text of a package-lock.json or npm-shrinkwrap.json, version 1, 2 or 3 → the tree that npm 7 and later see in it.
 * Attacker-controlled: what cannot be read in exactly one way is refused, with its line.
 */
import { GuardError } from '../errors.ts';
import type { LockDisagreement, LockNode, LockTree, ProjectManifest } from '../model/lock-tree.ts';
import { isRecord } from '../model/manifest.ts';
import { buildNodes } from './build-nodes.ts';
import { findDisagreements } from './find-disagreements.ts';
import { findSource } from './find-source.ts';
import { findWays } from './find-ways.ts';
import { findWorkspaces } from './find-workspaces.ts';
import { linkEdges } from './link-edges.ts';
import { type LockEntry, nothingAsked } from './lock-entry.ts';
import { type Half, LockText } from './lock-text.ts';
import type { LockedNode, NodeContext } from './locked-node.ts';
import { OverrideError, type OverrideRule, parseOverrides } from './override-rules.ts';
import { type JsonDocument, readDocument } from './read-document.ts';
import { readEntries } from './read-entries.ts';
import { readLegacyEntries } from './read-legacy-entries.ts';

export interface LockfileSource {
  /** What the project calls the file. */
  readonly path: string;
  readonly text: string;
  /** By folder; the root's is ''. Where one is missing, its copy in the lockfile stands for it. */
  readonly manifests: ReadonlyMap<string, ProjectManifest>;
  /** npm's setting of that name: peers are nobody's demand. */
  readonly legacyPeerDeps?: boolean;
}

export function parseLockfile({ path, text, manifests, legacyPeerDeps = false }: LockfileSource): LockTree {
  const document = readDocument({ text, path, code: 'lockfile-invalid' });
  const version = readVersion(document);
  const lock = new LockText(document.source);
  const half: Half = version === 1 ? 'dependencies' : 'packages';
  const entries =
    version === 1 ? [legacyRoot, ...readLegacyEntries(document.fields, lock)] : readModern(document, lock);
  const overrides = readOverrides(manifests.get(''), path);
  const tree = new TreeContext(lock, half);
  const nodes = buildNodes(entries, { half, lock, manifests, context: tree });
  const root = nodes.get('');
  if (root === undefined) return lock.refuse(half, '', 'is missing: without it nobody says what the project asks for');
  const workspaces = findWorkspaces(nodes, manifests);
  tree.settle({ nodes, root, workspaces, overrides, ignorePeers: legacyPeerDeps });
  // Overrides may take too long to be followed, and that has to be said here and not to whoever looks at an edge.
  if (overrides !== undefined) naming(path, () => tree.link());
  return { path, version, root, nodes, disagreements: version === 1 ? [] : findHalves(entries, document, lock) };
}

class TreeContext implements NodeContext {
  readonly #lock: LockText;
  readonly #half: Half;
  #linking: Parameters<typeof linkEdges>[0] | undefined;
  #workspaces: ReadonlySet<LockedNode> = new Set();
  /** Set until the ways are found. */
  #unwalked: LockedNode | undefined;

  constructor(lock: LockText, half: Half) {
    this.#lock = lock;
    this.#half = half;
  }

  settle(linking: Parameters<typeof linkEdges>[0]): void {
    this.#linking = linking;
    this.#unwalked = linking.root;
    const nodes = [...linking.workspaces.values()].map(({ node }) => node);
    this.#workspaces = new Set(nodes.filter((node) => node !== undefined));
  }

  lineOf({ place }: LockEntry): number {
    return this.#lock.lineOf(this.#half, place);
  }

  link(): void {
    const linking = this.#linking;
    if (linking === undefined) return;
    this.#linking = undefined;
    linkEdges(linking);
  }

  walk(): void {
    const root = this.#unwalked;
    if (root === undefined) return;
    this.#unwalked = undefined;
    this.link();
    findWays(root);
  }

  sourceOf(node: LockedNode): LockNode['source'] {
    return findSource(node, this.#workspaces);
  }
}

function readVersion({ source, fields }: JsonDocument): LockTree['version'] {
  const { path, code } = source;
  const version = fields['lockfileVersion'];
  if (version === 1 && fields['packages'] !== undefined) {
    const problem = 'has "packages", which npm 7 and later would read, but says it is of version 1, which has none';
    throw new GuardError(code, `${path} ${problem}.`);
  }
  if (version === 1 || version === 2 || version === 3) return version;
  const named =
    version === undefined
      ? 'does not say its "lockfileVersion"'
      : `has "lockfileVersion": ${JSON.stringify(version)?.slice(0, 40)}`;
  const why = version === 4 ? ', which npm writes where a project repairs its packages by patches or extensions' : '';
  throw new GuardError(code, `${path} ${named}${why}; Sluice reads versions 1, 2 and 3, as numbers.`);
}

/** Of a project whose lockfile is of version 1 only its package.json says what it asks for. */
const legacyRoot: LockEntry = {
  location: '',
  place: '',
  name: undefined,
  version: undefined,
  resolved: undefined,
  integrity: undefined,
  isLink: false,
  flags: {
    dev: false,
    optional: false,
    devOptional: false,
    peer: false,
    hasInstallScript: undefined,
    hasShrinkwrap: false,
  },
  manifest: {
    ...nothingAsked,
    workspaces: undefined,
    bin: undefined,
    os: undefined,
    cpu: undefined,
    deprecated: undefined,
  },
  asked: nothingAsked,
  accepted: undefined,
  bundles: [],
  isMarkedBundled: false,
};

function readModern({ source, fields }: JsonDocument, lock: LockText): readonly LockEntry[] {
  const packages = fields['packages'];
  if (isRecord(packages)) return readEntries(packages, lock);
  const problem = packages === undefined ? 'has no "packages"' : 'has "packages" that are no object';
  throw new GuardError(source.code, `${source.path} ${problem}, which versions 2 and 3 consist of.`);
}

function readOverrides(manifest: ProjectManifest | undefined, path: string): OverrideRule | undefined {
  return manifest === undefined ? undefined : naming(path, () => parseOverrides(manifest.overrides));
}

function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof OverrideError)) throw cause;
    const problem = `"overrides" of the package.json beside ${path} ${cause.message}; npm cannot follow them either.`;
    throw new GuardError('manifest-invalid', problem, { cause });
  }
}

function findHalves(
  entries: readonly LockEntry[],
  { fields }: JsonDocument,
  lock: LockText,
): readonly LockDisagreement[] {
  if (fields['dependencies'] === undefined) return [];
  return findDisagreements(entries, readLegacyEntries(fields, lock), lock);
}
