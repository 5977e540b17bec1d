/** What `bench/serve-packages.ts` serves, and lockfiles that install it: one for each version, of all packages alike. */

export const packageCount = 12;
export const versions: readonly string[] = Array.from({ length: 10 }, (_, minor) => `1.${minor}.0`);
/** Entries besides that do not change: an ordinary lockfile is long. */
const fillerCount = 1_200;

export function packageName(at: number): string {
  return `made-up-${at}`;
}

export interface PostedProject {
  readonly lockfile: { readonly path: string; readonly text: string };
  readonly files: Readonly<Record<string, string>>;
}

/** In the order of the versions. */
export async function loadProjects(registry: string): Promise<readonly PostedProject[]> {
  const names = Array.from({ length: packageCount }, (_, at) => packageName(at));
  const packuments = await Promise.all(
    names.map(async (name) => JSON.parse(await (await fetch(new URL(name, registry))).text())),
  );
  const filler = Object.fromEntries(
    Array.from({ length: fillerCount }, (_, at) => [
      `node_modules/filler-${at}`,
      { version: '1.0.0', resolved: `${registry}filler-${at}/-/filler-${at}-1.0.0.tgz`, integrity: digestOf(at) },
    ]),
  );
  return versions.map((version) => {
    const locked = names.map((name, at) => {
      const { tarball: resolved, integrity } = packuments[at].versions[version].dist;
      return [`node_modules/${name}`, { version, resolved, integrity }];
    });
    const fillers = Object.keys(filler).map((path) => [path.slice('node_modules/'.length), '1.0.0']);
    const dependencies = Object.fromEntries([...names.map((name) => [name, version]), ...fillers]);
    const manifest = { name: 'bench', version: '1.0.0', dependencies };
    const packages = { '': manifest, ...filler, ...Object.fromEntries(locked) };
    const text = JSON.stringify({ name: 'bench', version: '1.0.0', lockfileVersion: 3, packages }, null, 2);
    return {
      lockfile: { path: 'package-lock.json', text },
      files: { 'package.json': JSON.stringify(manifest) },
    };
  });
}

function digestOf(at: number): string {
  return `sha512-${Buffer.alloc(64, at % 251).toString('base64')}`;
}
