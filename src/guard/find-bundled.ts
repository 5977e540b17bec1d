/** Bundled dependencies that really lie in the tarball: npm takes these, and asks no registry for them. */
import type { DependencyRelease } from '../model/change.ts';
import { missing } from '../model/fact.ts';
import type { Manifest } from '../model/manifest.ts';
import { parseManifest } from '../model/manifest.ts';
import type { PackageTree } from '../model/package-tree.ts';
import { textOf } from '../model/package-tree.ts';

export function findBundled(tree: PackageTree, manifest: Manifest): ReadonlyMap<string, DependencyRelease> {
  const bundled = new Map<string, DependencyRelease>();
  for (const name of manifest.bundledDependencies) {
    const release = findBundledRelease(tree, name);
    if (release !== undefined) bundled.set(name, release);
  }
  return bundled;
}

function findBundledRelease(tree: PackageTree, name: string): DependencyRelease | undefined {
  const file = tree.files.get(`node_modules/${name}/package.json`);
  if (file === undefined) return undefined;
  try {
    const { version, scripts } = parseManifest(JSON.parse(textOf(file)));
    const installEvents = listInstallEvents(scripts);
    return {
      name,
      version: version ?? '',
      installEvents,
      publishedAt: missing('not-served', `${name} is bundled: no registry says when it was published.`),
    };
  } catch {
    // A package.json that is no JSON is none for npm either: the registry will be asked.
    return undefined;
  }
}

export function listInstallEvents(scripts: Manifest['scripts']): readonly string[] {
  return ['preinstall', 'install', 'postinstall'].filter((event) => Object.hasOwn(scripts, event));
}
