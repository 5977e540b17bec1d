/** A package's name among the settings of tools in a manifest. */
import { isRecord } from './manifest.ts';
import { type PackageTree, textOf } from './package-tree.ts';

/** What tools take from the manifests of installed packages: `browserify` runs transforms of dependencies, too. */
const settings = ['browserify', 'babel', 'eslintConfig', 'postcss', 'stylelint'];

/** In words, for a message: `"browserify" in package.json names it`. */
export function findSetting(name: string, { files }: PackageTree): string | undefined {
  const manifest = files.get('package.json');
  const document = manifest === undefined ? undefined : findRecord(textOf(manifest));
  const setting = settings.find((key) => JSON.stringify(document?.[key] ?? null).includes(`"${name}"`));
  return setting === undefined ? undefined : `"${setting}" in package.json names it`;
}

/** Who reads the manifest itself says what is wrong with it. */
function findRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
