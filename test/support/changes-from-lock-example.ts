/**
 * A lockfile's example → the changes that rules would be asked about, by the very functions that the guard uses. The
 * lockfiles are written as npm writes them; only the registry is a notation, and nothing is known against a package.
 */
import { createHash } from 'node:crypto';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { loadRegistryWord } from '../../src/guard/load-lock-facts.ts';
import { type EntryQuestion, findLockChanges, isFromRegistry } from '../../src/guard/lock-changes.ts';
import type { ProjectFiles } from '../../src/guard/project-files.ts';
import type { Change } from '../../src/model/change.ts';
import { known, missing } from '../../src/model/fact.ts';
import { parsePackument } from '../../src/registry/packument.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { LockExample, LockExampleState } from '../../src/rule.ts';
import { type NotedRegistry, packumentOf, parseRegistryNotation, writeLockfile } from './lock-notation.ts';

const registryHost = 'registry.example';

export async function changesFromLockExample(example: LockExample): Promise<readonly [Change, ...Change[]]> {
  const noted = parseRegistryNotation(example.registry);
  const asOf = example.asOf ?? '2026-01-01T00:00:00Z';
  const { project, entries } = findLockChanges({
    before: example.before && writeProject(example.before, noted),
    after: writeProject(example.after, noted),
    registryHosts: [registryHost],
    asOf,
    digest: (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`,
    kept: 'nothing',
  });
  const registry = openNoted(noted);
  const changes = entries.map(async (question): Promise<Change> => {
    const { change } = question;
    const { name } = change.subject;
    const own = Object.hasOwn(example.facts ?? {}, name) ? example.facts?.[name] : undefined;
    return { ...change, facts: { ...change.facts, ...(await askRegistry(question, registry, asOf)), ...own } };
  });
  return [project, ...(await Promise.all(changes))];
}

function writeProject(state: LockExampleState, registry: NotedRegistry): ProjectFiles {
  const { lockfile, manifest } = writeLockfile({ ...state, registry });
  return {
    lockfile: { path: 'package-lock.json', text: lockfile },
    files: new Map([['package.json', manifest], ...Object.entries(state.files ?? {})]),
  };
}

async function askRegistry(
  question: EntryQuestion,
  registry: Registry,
  asOf: string,
): Promise<Partial<Change['facts']>> {
  if (!question.entry.after.some(isFromRegistry)) return {};
  const { name } = question.change.subject;
  const { cooldownDays } = defaultPolicy;
  const word = await loadRegistryWord(question, new Map([[name, known([])]]), { registry, asOf, cooldownDays });
  return { ...word.facts, tarballAnswer: known({ result: 'allow', rules: [], addsInstallScript: false }) };
}

/** It names its maintainers, as a registry does that leaves nothing out. */
function openNoted(noted: NotedRegistry): Registry {
  const unasked = missing('not-consulted', 'A notation has no tarballs.');
  return {
    hosts: [registryHost],
    configuration: '',
    addressOf: () => `https://${registryHost}/`,
    loadPackument: async (name) => {
      const document = { ...packumentOf(noted, name), maintainers: [] };
      return known(parsePackument(document, name, `https://${registryHost}/`));
    },
    loadTarball: async () => unasked,
    loadAdvisories: async () => new Map(),
    loadSignedRelease: async () => ({ signatures: unasked, provenance: unasked }),
  };
}
