/** The same project as npm's own reader sees it and as ours does, in one shape: a line for each node and each edge. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Arborist from '@npmcli/arborist';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { parseProjectManifest } from '../../src/lockfile/parse-project-manifest.ts';
import type { LockTree, ProjectManifest } from '../../src/model/lock-tree.ts';

export interface WrittenProject {
  readonly lockfile: Readonly<Record<string, unknown>> & { readonly packages: Readonly<Record<string, unknown>> };
  /** By folder: the root's is ''. */
  readonly manifests: Readonly<Record<string, unknown>>;
}

/** Undefined where npm refuses to read it at all. */
export async function readWithNpm(project: WrittenProject): Promise<readonly string[] | undefined> {
  return inFolder(project, async (folder) => {
    const tree = await new Arborist({ path: folder }).loadVirtual();
    const lines: string[] = [];
    for (const node of tree.inventory.values()) {
      lines.push(describeNode({ ...pickNode(node), isBundled: node.inDepBundle }));
      if (node.isLink) continue;
      for (const edge of node.edgesOut.values()) {
        const { name, type, spec, rawSpec, to, error } = edge;
        const problem = error === null ? undefined : error === 'MISSING' ? 'missing' : 'invalid';
        const written = [spec, rawSpec].map((one) => one.replaceAll(`file:${folder}/`, 'file:'));
        lines.push(describeEdge({ from: node.location, name, type, spec: written, to: to?.location, problem }));
      }
    }
    return lines.sort();
  }).catch(() => undefined);
}

/** The same tree in another version of the format, as npm writes it. */
export async function convertWithNpm(project: WrittenProject, lockfileVersion: 1 | 2 | 3): Promise<string> {
  return inFolder(project, async (path) =>
    (await new Arborist({ path, lockfileVersion }).loadVirtual()).meta.toString(),
  );
}

async function inFolder<T>(project: WrittenProject, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-arborist-'));
  try {
    const write = (path: string, document: unknown): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), JSON.stringify(document));
    };
    write('package-lock.json', project.lockfile);
    for (const [at, manifest] of Object.entries(project.manifests)) write(join(at, 'package.json'), manifest);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pickNode({ location, isLink, target, version }: Awaited<ReturnType<Arborist['loadVirtual']>>['target']): {
  readonly location: string;
  readonly target: string | undefined;
  readonly version: string;
} {
  return { location, target: isLink ? target.location : undefined, version };
}

export function readWithSluice(project: WrittenProject): readonly string[] {
  const manifests = parseManifests(project);
  const tree = parseWritten(project, manifests);
  const lines: string[] = [];
  for (const node of tree.nodes.values()) {
    const { location, target, source, edgesOut } = node;
    const version = manifests.get(target?.location ?? location)?.version ?? node.version ?? '';
    lines.push(describeNode({ location, target: target?.location, version, isBundled: source === 'bundled' }));
    for (const { name, type, spec, declaredSpec, to, problem } of edgesOut) {
      const problemToNpm = location === '' && spec !== declaredSpec && problem === 'invalid' ? undefined : problem;
      lines.push(
        describeEdge({
          from: location,
          name,
          type,
          spec: [spec, declaredSpec],
          to: to?.location,
          problem: problemToNpm,
        }),
      );
    }
  }
  return lines.sort();
}

interface DescribedNode {
  readonly location: string;
  readonly target: string | undefined;
  readonly version: string;
  readonly isBundled: boolean;
}

function describeNode({ location, target, version, isBundled }: DescribedNode): string {
  return `${location || 'root'} = ${version}${target === undefined ? '' : ` -> ${target}`}${isBundled ? ' bundled' : ''}`;
}

interface DescribedEdge {
  readonly from: string;
  readonly name: string;
  readonly type: string;
  readonly spec: readonly string[];
  readonly to: string | undefined;
  readonly problem: string | undefined;
}

function describeEdge({ from, name, type, spec, to, problem }: DescribedEdge): string {
  return `${from || 'root'} --${type} ${name}@${[...new Set(spec)].join(' for ')}--> ${to ?? 'nothing'} ${problem ?? 'ok'}`;
}

/** Without the entries that nothing asks for. */
export function dropUnreached(project: WrittenProject): WrittenProject {
  const { root, nodes } = parseWritten(project, parseManifests(project));
  const reached = new Set([root]);
  for (const { target, edgesOut } of reached) {
    for (const next of [target, ...edgesOut.map(({ to }) => to)]) if (next !== undefined) reached.add(next);
  }
  const locations = new Set([...reached].map(({ location }) => location));
  // What is asked for lies in folders that may not be asked for themselves.
  const kept = [...nodes.keys()].filter((at) => [...locations].some((one) => one === at || one.startsWith(`${at}/`)));
  const { packages, ...lockfile } = project.lockfile;
  return {
    ...project,
    lockfile: { ...lockfile, packages: Object.fromEntries(kept.map((at) => [at, packages[at]])) },
  };
}

export function parseManifests({ manifests }: WrittenProject): ReadonlyMap<string, ProjectManifest> {
  return new Map(
    Object.entries(manifests).map(([at, manifest]) => [
      at,
      parseProjectManifest(JSON.stringify(manifest), join(at, 'package.json'), at),
    ]),
  );
}

function parseWritten({ lockfile }: WrittenProject, manifests: ReadonlyMap<string, ProjectManifest>): LockTree {
  return parseLockfile({ path: 'package-lock.json', text: JSON.stringify(lockfile), manifests });
}
