/** Which packages of a list are hosts: small, with code, allowed as they are, and of both module systems. */
import type { Registry } from '../../src/registry/registry.ts';
import type { CorpusPair } from '../corpus-list.ts';
import { findHostFiles, moduleSystemOf } from './host-files.ts';
import { type Host, judgeHost } from './judge-host.ts';
import { loadHost } from './load-host.ts';
import { randomFor, shuffle } from './random-for.ts';
import type { ModuleSystem } from './snippet.ts';

export interface HostWishes {
  readonly seed: number;
  readonly count: number;
  readonly maxBytes: number;
  /** `name` or `name@version`; empty: any. */
  readonly only: readonly string[];
}

/** No module system may have more of the hosts than this. */
const largestShare = 0.6;

/** @param say Told why a package is passed over. */
export async function chooseHosts(
  pairs: readonly CorpusPair[],
  wishes: HostWishes,
  { registry, say }: { readonly registry: Registry; readonly say: (sentence: string) => void },
): Promise<readonly CorpusPair[]> {
  const { seed, count, only } = wishes;
  const candidates = pairs.filter(({ atLeast, ...pair }) => atLeast === undefined && isNamed(pair, only));
  const chosen: { readonly pair: CorpusPair; readonly system: ModuleSystem }[] = [];
  for (const pair of only.length > 0 ? candidates : shuffle(candidates, randomFor(seed, 'hosts'))) {
    if (chosen.length >= count) break;
    const host = await loadHost(pair, registry);
    const fitness = await weighHost(host, wishes);
    if ('unfit' in fitness) {
      say(`${pair.name}@${pair.new} is no host: ${fitness.unfit}`);
      continue;
    }
    const alike = chosen.filter(({ system }) => system === fitness.system).length;
    if (only.length === 0 && alike >= count * largestShare) continue;
    chosen.push({ pair, ...fitness });
  }
  return chosen.map(({ pair }) => pair);
}

function isNamed({ name, new: next }: Pick<CorpusPair, 'name' | 'new'>, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(name) || only.includes(`${name}@${next}`);
}

type Fitness = { readonly unfit: string } | { readonly system: ModuleSystem };

async function weighHost(host: Host, { maxBytes }: HostWishes): Promise<Fitness> {
  const { before, after } = host.sides;
  const bytes = Math.max(before.unpackedBytes, after.unpackedBytes);
  if (bytes > maxBytes) return { unfit: `${bytes} bytes unpacked; at most ${maxBytes} are taken` };
  const files = findHostFiles(after);
  const entry = files?.entry === undefined ? undefined : after.files.get(files.entry);
  if (files === undefined || entry === undefined) return { unfit: 'importing it loads no JavaScript' };
  const { result, findings } = await judgeHost(host)(host.sides);
  if (result !== 'allow') return { unfit: `its own update is at ${result} (${findings[0]?.rule})` };
  return { system: moduleSystemOf(entry, files.manifest) };
}
