/** The shipped list of popular names, as `src/model/popular-names.json` holds it: from the lists of `npm-high-impact`. */

export interface NameLists {
  /** `npm-high-impact 1.13.0` */
  readonly source: string;
  /** When the source was published: `2026-09-23`. */
  readonly date: string;
  /** Every name, whatever made it popular. */
  readonly all: readonly string[];
  /** The most downloaded first. */
  readonly byDownloads: readonly string[];
  /** Those that most packages depend on first: what people type. */
  readonly byDependents: readonly string[];
}

/** The first so many of either list; `others` are popular, too, but nobody would imitate them. A name stands in one tier. */
const tiers = [
  { field: 'household', downloads: 300, dependents: 300 },
  { field: 'wellKnown', downloads: 2000, dependents: 2000 },
  { field: 'known', downloads: 5000, dependents: Number.POSITIVE_INFINITY },
  { field: 'others', downloads: 0, dependents: 0 },
] as const;

export function renderPopularNames({ source, date, all, byDownloads, byDependents }: NameLists): string {
  const taken = new Set<string>();
  const sections = tiers.map(({ field, downloads, dependents }) => {
    const first = field === 'others' ? all : [...byDownloads.slice(0, downloads), ...byDependents.slice(0, dependents)];
    const names = [...new Set(first)].filter((name) => !taken.has(name)).toSorted(compare);
    for (const name of names) taken.add(name);
    return [field, names] as const;
  });
  return `${JSON.stringify({ source, date, ...Object.fromEntries(sections) }, null, 2)}\n`;
}

/** By code units: the same on every machine. */
function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
