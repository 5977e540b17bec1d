/** A package.json of the project itself → what it asks for. As attacker-controlled as the lockfile: a pull request edits both. */
import { GuardError } from '../errors.ts';
import type { ProjectManifest } from '../model/lock-tree.ts';
import {
  FieldError,
  type Fields,
  readFields,
  readOptionalPeers,
  readSpecs,
  readText,
  readWorkspaces,
} from './entry-fields.ts';
import { readDocument } from './read-document.ts';

/**
 * @param path What the project calls the file.
 * @param folder Relative to the lockfile's; '' for the root.
 */
export function parseProjectManifest(text: string, path: string, folder: string): ProjectManifest {
  const { fields } = readDocument({ text, path, code: 'manifest-invalid' });
  try {
    return readManifest(fields, folder);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new GuardError('manifest-invalid', `${path} cannot be read: ${error.message}.`);
  }
}

function readManifest(fields: Fields, folder: string): ProjectManifest {
  return {
    folder,
    name: readText(fields, 'name'),
    version: readText(fields, 'version'),
    isPrivate: fields['private'] === true,
    dependencies: readSpecs(fields, 'dependencies') ?? {},
    devDependencies: readSpecs(fields, 'devDependencies') ?? {},
    optionalDependencies: readSpecs(fields, 'optionalDependencies') ?? {},
    peerDependencies: readSpecs(fields, 'peerDependencies') ?? {},
    optionalPeers: readOptionalPeers(fields),
    overrides: readFields(fields, 'overrides') ?? {},
    workspaces: readWorkspaces(fields) ?? [],
    allowScripts: readAllowScripts(fields),
  };
}

function readAllowScripts(fields: Fields): Readonly<Record<string, boolean>> {
  const list = readFields(fields, 'allowScripts') ?? {};
  for (const name of Object.keys(list)) {
    if (typeof list[name] !== 'boolean') throw new FieldError(`allowScripts.${name}`, 'true or false', list[name]);
  }
  // Safe: every value was looked at just above.
  return list as Readonly<Record<string, boolean>>;
}
