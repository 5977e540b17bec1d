/** The package.json inside a tarball: the one npm acts on, whatever the registry's packument says. */
import { type Fact, known, missing } from '../model/fact.ts';
import { isRecord, type Manifest, parseManifest } from '../model/manifest.ts';
import { type PackageTree, textOf } from '../model/package-tree.ts';

const path = 'package.json';
/** A hundred times the largest real one. */
const mostBytes = 8 * 1024 * 1024;

/** Never throws. Where a key stands twice the last one counts, as it does for npm. */
export function readManifest(tree: PackageTree): Fact<Manifest> {
  const file = tree.files.get(path);
  if (file === undefined) return findWhyAbsent(tree);
  if (file.bytes.length > mostBytes) {
    return missing(
      'too-large',
      `The tarball's package.json has ${file.bytes.length} bytes; at most ${mostBytes} are read.`,
    );
  }
  try {
    // npm takes a byte order mark off, and no more.
    const document: unknown = JSON.parse(textOf(file).replace(/^\ufeff/, ''));
    if (isRecord(document)) return known(parseManifest(document));
    return missing('malformed', "The tarball's package.json holds JSON that is no object.");
  } catch (cause) {
    const detail = cause instanceof SyntaxError ? cause.message : String(cause);
    return missing('malformed', `The tarball's package.json is no JSON: ${detail}.`);
  }
}

function findWhyAbsent(tree: PackageTree) {
  const limited = tree.anomalies.some((anomaly) => anomaly.kind === 'not-read');
  return limited
    ? missing('too-large', 'The tarball was not read to its end, and no package.json stands in what was read.')
    : missing('not-found', 'The tarball has no package.json in its root folder.');
}
