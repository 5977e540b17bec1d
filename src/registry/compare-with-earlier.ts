/**
 * Whether a release has the bytes with which it was first read here: a registry that is taken over vouches for what it serves,
 * and only who remembers can tell that it once served something else.
 */
import type { IntegrityRecord } from '../model/change.ts';
import type { FactStore, ReleaseSource } from '../model/fact-store.ts';
import type { Tarball } from './load-tarball.ts';

/** @returns The same, with a record more where it had other bytes. */
export async function compareWithEarlier(
  tarball: Tarball,
  source: ReleaseSource,
  {
    memory,
    side,
  }: {
    readonly memory: Pick<FactStore, 'findRelease' | 'saveRelease'> | undefined;
    readonly side: IntegrityRecord['side'];
  },
): Promise<Tarball> {
  // What was hurt on the way is not what the release is.
  if (memory === undefined || !isVouchedFor(tarball)) return tarball;
  const first = await memory.findRelease(source);
  if (first?.integrity === tarball.digest) return tarball;
  await memory.saveRelease(source, { integrity: tarball.digest, firstReadAt: new Date().toISOString() });
  if (first === undefined) return tarball;
  const record: IntegrityRecord = {
    side,
    claimedBy: 'memory',
    claimed: first.integrity,
    actual: tarball.digest,
    matches: false,
    firstReadAt: first.firstReadAt,
  };
  return { ...tarball, integrity: [...tarball.integrity, record] };
}

function isVouchedFor({ integrity }: Tarball): boolean {
  const claims = integrity.filter(({ claimedBy }) => claimedBy === 'registry');
  return claims.length > 0 && claims.every(({ matches }) => matches);
}
