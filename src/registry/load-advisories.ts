/**
 * What is known against packages, from npm's bulk endpoint: the one that `npm audit` asks.
 * Each registry is told the names that are fetched from it, and no others. Mirrors often do not have the endpoint.
 * An answer stands for as long as registries let packuments stand: who checks again does not ask again.
 */
import { createHash } from 'node:crypto';
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { Advisory } from '../model/lock-change.ts';
import { isRecord } from '../model/manifest.ts';
import { findRegistryOf } from './load-npm-config.ts';
import type { RegistryParts } from './load-packument.ts';
import { claimsOf } from './npm-cache.ts';
import { isPackageName } from './package-name.ts';

export type AdvisoriesByName = ReadonlyMap<string, Fact<readonly Advisory[]>>;

type VersionsByName = ReadonlyMap<string, readonly string[]>;

const path = '-/npm/v1/security/advisories/bulk';
const maxAgeMs = 300_000;
/** Kept of a registry that does not have the endpoint. */
const noList: Uint8Array = new TextEncoder().encode('null');
/** "Embedded Malicious Code" in the Common Weakness Enumeration. */
const maliciousCode = 'CWE-506';
/** Titles of advisories from before they had a weakness, and of those that name another one. */
const malwareTitle =
  /^(?:malware|malicious package|embedded malicious code)\b|\b(?:contain(?:s|ing|ed)?|embedded) (?:malware|malicious code)\b/i;
/** Real titles stay below 150, real ranges below 400. */
const maxTitleLength = 300;
const maxRangeLength = 4_000;

/** @param packages Versions by name: the registry answers with the advisories that hold for any of them. */
export async function loadAdvisories(packages: VersionsByName, parts: RegistryParts): Promise<AdvisoriesByName> {
  const byRegistry = new Map<string, Map<string, readonly string[]>>();
  const facts = new Map<string, Fact<readonly Advisory[]>>();
  for (const [name, versions] of packages) {
    if (!isPackageName(name)) {
      facts.set(name, missing('not-found', `${JSON.stringify(name.slice(0, 214))} is no package name.`));
      continue;
    }
    const registry = findRegistryOf(name, parts.config);
    byRegistry.set(registry, (byRegistry.get(registry) ?? new Map<string, readonly string[]>()).set(name, versions));
  }
  const answers = await Promise.all([...byRegistry].map(([registry, own]) => askRegistry(registry, own, parts)));
  for (const answer of answers) for (const [name, fact] of answer) facts.set(name, fact);
  return facts;
}

async function askRegistry(
  registry: string,
  packages: VersionsByName,
  parts: RegistryParts,
): Promise<AdvisoriesByName> {
  const all = (fact: Missing) => new Map([...packages.keys()].map((name) => [name, fact]));
  const { host } = new URL(registry);
  if (parts.config.offline) return all(missing('offline', `Offline, ${host} is not asked for advisories.`));
  const document = await loadAnswer(registry, JSON.stringify(Object.fromEntries(packages)), parts);
  if (!document.known) return all(document);
  if (!isRecord(document.value)) return all(missing('not-served', `${host} answers with no list of advisories.`));
  const served = new Map(Object.entries(document.value));
  return new Map([...packages.keys()].map((name) => [name, readAdvisories(served.get(name), name, host)]));
}

/** The registry's answer, or its answer to the same question a moment ago. */
async function loadAnswer(registry: string, body: string, parts: RegistryParts): Promise<Fact<unknown>> {
  const { cache, http, limits } = parts;
  const url = registry + path;
  const key = `${url}?of=${createHash('sha256').update(body).digest('hex')}`;
  const recent = await findRecent(key, parts);
  if (recent !== undefined) return known(parseJson(recent));
  const headers = { accept: 'application/json', 'accept-encoding': 'gzip' };
  const keep = (bytes: Uint8Array): Promise<void> =>
    cache.store({ url: key, bytes, requestHeaders: headers, answerHeaders: {}, algorithm: 'sha512' });
  const about = 'advisories';
  const answer = await http.post({ url, registry, about, headers, maxBytes: limits.maxAdvisoryBytes, body });
  if (!answer.known) {
    const absence = explainAbsence(answer);
    if (absence.why === 'not-served') await keep(noList);
    return absence;
  }
  await keep(answer.value.bytes);
  return known(parseJson(answer.value.bytes));
}

async function findRecent(key: string, { cache, config, limits }: RegistryParts): Promise<Uint8Array | undefined> {
  if (config.preferOnline) return undefined;
  const answer = await cache.findAnswer(key, ({ storedAt }) => Math.abs(Date.now() - Date.parse(storedAt)) < maxAgeMs);
  return answer && cache.findContent(claimsOf(answer), limits.maxAdvisoryBytes);
}

/** A registry that does not know the question has no advisories to give; one that fails may have them later. */
function explainAbsence(absence: Missing): Missing {
  return absence.why === 'not-found' || absence.why === 'malformed' ? missing('not-served', absence.detail) : absence;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** A name that is not in the answer has no advisories. One entry that cannot be read might be the one that matters. */
function readAdvisories(entries: unknown, name: string, host: string): Fact<readonly Advisory[]> {
  if (entries === undefined) return known([]);
  const advisories = Array.isArray(entries) ? entries.map(findAdvisory) : [undefined];
  const readable = advisories.filter((advisory) => advisory !== undefined);
  if (readable.length === advisories.length) return known(readable);
  return missing('malformed', `${host} answers with advisories about ${name} that cannot be read.`);
}

function findAdvisory(entry: unknown): Advisory | undefined {
  if (!isRecord(entry)) return undefined;
  const { id, title, url, cwe } = entry;
  // npm takes an advisory without a range to hold for every version.
  const range = entry['vulnerable_versions'] ?? '*';
  const name = typeof id === 'number' ? String(id) : id;
  if (typeof name !== 'string' || typeof range !== 'string' || range.length > maxRangeLength) return undefined;
  const shownTitle = typeof title === 'string' ? title.slice(0, maxTitleLength) : '';
  return {
    id: name.slice(0, maxTitleLength),
    title: shownTitle,
    url: typeof url === 'string' && /^https?:\/\/\S{1,2000}$/.test(url) ? url : '',
    severity: readSeverity(entry['severity']),
    isMalware: namesMaliciousCode(cwe) || malwareTitle.test(shownTitle),
    vulnerableVersions: range,
  };
}

/** As npm: what names no severity counts as high. */
function readSeverity(value: unknown): Advisory['severity'] {
  return value === 'info' || value === 'low' || value === 'moderate' || value === 'critical' ? value : 'high';
}

function namesMaliciousCode(cwe: unknown): boolean {
  return Array.isArray(cwe) ? cwe.includes(maliciousCode) : cwe === maliciousCode;
}
