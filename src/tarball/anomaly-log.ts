/** Collects what is odd about a tarball, bounded: a hostile one can be odd a million times. */
import type { TarballAnomaly } from '../model/package-tree.ts';

type AnomalyKind = TarballAnomaly['kind'];

export interface AnomalyLog {
  record(kind: AnomalyKind, path: string, detail: string): void;
  /** In the order of the tarball; for each kind that was cut short, how many more there were. */
  list(): readonly TarballAnomaly[];
}

const keptPerKind = 50;
const pathCharacters = 300;

export function createAnomalyLog(): AnomalyLog {
  const kept: TarballAnomaly[] = [];
  const counts = new Map<AnomalyKind, number>();
  return {
    record(kind, path, detail) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count <= keptPerKind) kept.push({ kind, path: cut(path), detail });
    },
    list() {
      const rest = [...counts].filter(([, count]) => count > keptPerKind);
      const summaries = rest.map(([kind, count]) => ({
        kind,
        path: '',
        detail: `${count - keptPerKind} more like this`,
      }));
      return [...kept, ...summaries];
    },
  };
}

function cut(path: string): string {
  return path.length > pathCharacters ? `${path.slice(0, pathCharacters)}…` : path;
}
