/**
 * When each version was published, if the registry's word on it can be believed.
 * A mirror may answer with the date it took a version in, which says nothing about its age.
 */
import type { SemVer } from 'semver';
import type { PublishTimes } from '../model/change.ts';
import { type Fact, known, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';

export interface DatedVersion {
  readonly version: string;
  readonly semver: SemVer;
}

/** Below this many versions a crowded first day is an author's, not a mirror's. */
const minVersionsForCrowdedDay = 10;
/** Later patches of one release line are published later; a handful of steps back in time may be an author's oddity. */
const minStepsForOrder = 4;
const maxShareOfStepsBack = 0.2;

/** @param versions In semver order. */
export function findPublishTimes(time: unknown, versions: readonly DatedVersion[]): Fact<PublishTimes> {
  if (!isRecord(time)) return missing('not-served', 'The registry gives no publish times.');
  const instants = new Map<string, number>();
  for (const { version } of versions) {
    const instant = readInstant(time[version]);
    if (instant !== undefined) instants.set(version, instant);
  }
  if (instants.size === 0) return missing('not-served', 'The registry gives no publish time for any version.');
  // The registry's document has had `created` since its first days; one without it was put together elsewhere.
  if (readInstant(time['created']) === undefined) return implausible('they lack the date the package was created');
  if (isFirstDayCrowded([...instants.values()])) return implausible('most versions share one first day');
  if (isOutOfOrder(versions, instants)) return implausible('later versions are often dated before earlier ones');
  return known(new Map([...instants].map(([version, instant]) => [version, new Date(instant).toISOString()])));
}

function implausible(reason: string): Fact<PublishTimes> {
  return missing('not-served', `The registry's publish times look like dates of a mirror's copying: ${reason}.`);
}

function readInstant(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

function isFirstDayCrowded(instants: readonly number[]): boolean {
  if (instants.length < minVersionsForCrowdedDay) return false;
  const days = instants.map((instant) => Math.floor(instant / 86_400_000));
  const first = days.reduce((least, day) => Math.min(least, day));
  return days.filter((day) => day === first).length * 2 > days.length;
}

function isOutOfOrder(versions: readonly DatedVersion[], instants: ReadonlyMap<string, number>): boolean {
  let steps = 0;
  let stepsBack = 0;
  let last: { readonly line: string; readonly instant: number } | undefined;
  for (const { version, semver } of versions) {
    const instant = instants.get(version);
    if (instant === undefined) continue;
    const line = `${semver.major}.${semver.minor}`;
    if (last?.line === line) {
      steps += 1;
      if (instant < last.instant) stepsBack += 1;
    }
    last = { line, instant };
  }
  return steps >= minStepsForOrder && stepsBack > steps * maxShareOfStepsBack;
}
