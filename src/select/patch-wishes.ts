/** What selection findings ask of a patch: one version for each package that some rule wants elsewhere. */
import { prepareVersions } from './prepare-versions.ts';

export interface NeededRelease {
  readonly name: string;
  readonly version: string;
}

/** A selection finding, as far as a patch needs it. */
export interface PatchWish {
  readonly package: { readonly name: string; readonly version: string };
  /** Undefined when the rule knows of no version to take. */
  readonly target: string | undefined;
}

export interface GroupedWish extends NeededRelease {
  readonly targets: readonly string[];
}

export function groupWishes(wishes: readonly PatchWish[]): readonly GroupedWish[] {
  const groups = new Map<string, GroupedWish>();
  for (const { package: wished, target } of wishes) {
    const key = `${wished.name}@${wished.version}`;
    const targets = groups.get(key)?.targets ?? [];
    groups.set(key, { ...wished, targets: target === undefined ? targets : [...targets, target] });
  }
  return [...groups.values()];
}

interface Choice {
  /** Every version of the package in the base. */
  readonly base: readonly string[];
  readonly excluded: ReadonlySet<string>;
}

/** Where rules disagree: what the base had, else the lowest, which is what the strictest of them asks for. */
export function chooseTarget({ version, targets }: GroupedWish, { base, excluded }: Choice): string | undefined {
  const allowed = targets.filter((target) => !excluded.has(target));
  // Where even the locked version is excluded, another one that is makes nothing worse.
  const usable = prepareVersions(allowed.length === 0 && excluded.has(version) ? targets : allowed).versions;
  return usable.findLast((target) => base.includes(target)) ?? usable[0];
}
