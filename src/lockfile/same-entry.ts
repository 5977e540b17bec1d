/**
 * Whether two entries of one name and version say the same: npm installs the same bytes from the same place, with the
 * same dependencies. What a version of the format cannot say is not compared.
 */
import { cleanCommands, dropOptional } from '../model/clean-manifest.ts';
import type { LockedManifest, LockNode, LockTree } from '../model/lock-tree.ts';
import type { Specs } from './lock-entry.ts';

type Format = LockTree['version'];

/** More different entries of one version than this are not looked through: whatever follows counts as rewritten. */
const maxVariants = 50;

export class EntryComparison {
  readonly #isLegacy: boolean;

  constructor(before: Format, after: Format) {
    this.#isLegacy = before === 1 || after === 1;
  }

  /** Those copies that say what none of the old ones said. */
  findRewritten(before: readonly LockNode[], after: readonly LockNode[]): readonly LockNode[] {
    const [first] = before;
    if (first === undefined) return after;
    const others = after.filter((copy) => !this.isSame(first, copy));
    if (others.length === 0) return others;
    const variants = findVariants(before);
    return others.filter((copy) => !variants.some((variant) => this.isSame(variant, copy)));
  }

  isSame(before: LockNode, after: LockNode): boolean {
    if (!isSameIntegrity(before.integrity, after.integrity) || !isSameOrigin(before.resolved, after.resolved))
      return false;
    return this.#isLegacy ? asksSame(before, after) : isSameManifest(before, after);
  }
}

function findVariants(nodes: readonly LockNode[]): readonly LockNode[] {
  const variants = new Map<string, LockNode>();
  for (const node of nodes) {
    const { integrity, resolved, manifest, flags } = node;
    variants.set(JSON.stringify([integrity, resolved, manifest, flags.hasInstallScript]), node);
  }
  return [...variants.values()].slice(0, maxVariants);
}

/** An integrity is a list of digests, in any order. */
function isSameIntegrity(before: string | undefined, after: string | undefined): boolean {
  if (before === after) return true;
  if (before === undefined || after === undefined) return false;
  const [old, now] = [before, after].map((integrity) => integrity.trim().split(/\s+/).sort().join(' '));
  return old === now;
}

/** A project may tell npm to leave the registry's URLs out, and change its mind. Every other place has to be named. */
function isSameOrigin(before: string | undefined, after: string | undefined): boolean {
  if (before === after) return true;
  const named = before ?? after ?? '';
  if (before === undefined || after === undefined) return /^https?:/i.test(named);
  return false;
}

function isSameManifest(before: LockNode, after: LockNode): boolean {
  const [old, now] = [before.manifest, after.manifest];
  return (
    (isSameTable(old.dependencies, now.dependencies) || isSameTable(requiredOf(old), requiredOf(now))) &&
    isSameTable(old.optionalDependencies, now.optionalDependencies) &&
    isSameTable(old.peerDependencies, now.peerDependencies) &&
    isSameList(old.optionalPeers, now.optionalPeers) &&
    (isSameTable(old.bin, now.bin) || isSameTable(commandsOf(old), commandsOf(now))) &&
    isSameList(old.os, now.os) &&
    isSameList(old.cpu, now.cpu) &&
    before.flags.hasInstallScript === after.flags.hasInstallScript
  );
}

/** npm says twice what is optional, or once, as it was published. */
function requiredOf({ dependencies, optionalDependencies }: LockedManifest): Specs | undefined {
  if (dependencies === undefined || optionalDependencies === undefined) return dependencies;
  return dropOptional(dependencies, optionalDependencies);
}

function commandsOf({ bin }: LockedManifest): Specs | undefined {
  return bin === undefined ? undefined : cleanCommands(bin);
}

/** Version 1 knows what is required, not how; and where npm 7 wrote it, overrides are in the specs already. */
function asksSame(before: LockNode, after: LockNode): boolean {
  const [old, now] = [before, after].map(({ manifest }) => ({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
  }));
  return isSameTable(old, now) || isSameTable(specsInForce(before), specsInForce(after));
}

function specsInForce({ edgesOut }: LockNode): Specs {
  const asked = edgesOut.filter(({ type }) => type === 'prod' || type === 'optional');
  return Object.fromEntries(asked.map(({ name, spec }) => [name, spec]));
}

function isSameTable(before: Specs = nothing, after: Specs = nothing): boolean {
  if (before === after) return true;
  let count = 0;
  for (const name in after) {
    // What every object inherits is no text.
    if (before[name] !== after[name]) return false;
    count += 1;
  }
  for (const _ in before) count -= 1;
  return count === 0;
}

const nothing: Specs = {};

function isSameList(before: readonly string[] = none, after: readonly string[] = none): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  if (before.every((one, index) => one === after[index])) return true;
  const sorted = after.toSorted();
  return before.toSorted().every((one, index) => one === sorted[index]);
}

const none: readonly string[] = [];
