/**
 * Which of the files by which a project guards itself are edited, and how: a change that also moves the gate
 * through which it has to pass is looked at by a person. Texts in, sentences out; both sides are attacker-controlled.
 */
import type { GateEdit } from '../model/lock-change.ts';
import { findJsonEdits } from './json-edits.ts';
import { findLineEdits, keepEverything } from './line-edits.ts';

/** By path from the root of the repository. */
export type ProjectTexts = ReadonlyMap<string, string>;

export function findGateEdits(before: ProjectTexts, after: ProjectTexts): readonly GateEdit[] {
  const edits: GateEdit[] = [];
  for (const path of new Set([...after.keys(), ...before.keys()])) {
    const texts = { path, before: before.get(path), after: after.get(path) };
    if (texts.before !== texts.after) edits.push(...findEdits(texts));
  }
  return edits;
}

interface EditedText {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What an edit is, before it is known in which file. */
export type Edit = Pick<GateEdit, 'what' | 'line'>;

/** More of one file are summed up. */
const maxEdits = 10;

function findEdits({ path, before, after }: EditedText): readonly GateEdit[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = (gate: GateEdit['gate'], edits: readonly Edit[]): readonly GateEdit[] =>
    sumUp(edits).map((edit) => ({ path, gate, ...edit }));
  if (name === 'package.json') {
    return manifestGates.flatMap(({ gate, keys }) => named(gate, findJsonEdits(before ?? '{}', after ?? '{}', keys)));
  }
  const gate = findGate(path, name, `${before ?? ''}\n${after ?? ''}`);
  if (gate === undefined) return [];
  if (before === undefined) return named(gate, [{ what: 'added the file', line: 1 }]);
  if (after === undefined) return named(gate, [{ what: 'removed the file', line: undefined }]);
  if (gate === 'policy') return named(gate, findJsonEdits(before, after));
  return named(gate, findLineEdits(before, after, name === 'pnpm-workspace.yaml' ? isWorkspaceGate : keepEverything));
}

/** In a package.json, these keys and nothing else. */
const manifestGates: readonly { readonly gate: GateEdit['gate']; readonly keys: readonly string[] }[] = [
  { gate: 'allow-scripts', keys: ['allowScripts'] },
  {
    gate: 'package-manager',
    keys: [
      'packageManager',
      'devEngines',
      'packageExtensions',
      'patchedDependencies',
      'pnpm',
      'trustedDependencies',
      'dependenciesMeta',
    ],
  },
];

const fileGates: Readonly<Record<string, GateEdit['gate']>> = {
  'sluice.json': 'policy',
  '.npmrc': 'npmrc',
  '.yarnrc.yml': 'package-manager',
  '.yarnrc': 'package-manager',
  'pnpm-workspace.yaml': 'package-manager',
  'bunfig.toml': 'package-manager',
};

function findGate(path: string, name: string, texts: string): GateEdit['gate'] | undefined {
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i.test(path)) return /sluice/i.test(texts) ? 'workflow' : undefined;
  // npm 12 runs such a file to change what packages ask for.
  if (/^\.npm-extension\.\w+$/.test(name)) return 'package-manager';
  return Object.hasOwn(fileGates, name) ? fileGates[name] : undefined;
}

/** Settings of pnpm that decide what is installed and run; the rest of the file is its list of packages. */
const workspaceGates = new Set([
  'minimumReleaseAge',
  'minimumReleaseAgeExclude',
  'onlyBuiltDependencies',
  'onlyBuiltDependenciesFile',
  'ignoredBuiltDependencies',
  'neverBuiltDependencies',
  'dangerouslyAllowAllBuilds',
  'allowBuilds',
  'strictDepBuilds',
  'blockExoticSubdeps',
  'trustPolicy',
  'trustPolicyExclude',
  'packageExtensions',
  'patchedDependencies',
  'pnpmfile',
  'registries',
  'registry',
  'verifyStoreIntegrity',
]);

function isWorkspaceGate(topKey: string): boolean {
  return workspaceGates.has(topKey);
}

function sumUp(edits: readonly Edit[]): readonly Edit[] {
  if (edits.length <= maxEdits) return edits;
  const shown = edits.slice(0, maxEdits - 1);
  const rest = edits[maxEdits - 1];
  return [...shown, { what: `${edits.length - shown.length} more edits`, line: rest?.line }];
}
