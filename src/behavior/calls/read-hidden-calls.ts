/** What acting a file out has shown, beside what its text shows: calls of the outside, and of functions that were hidden. */

import type { Rehearsal } from '../rehearsal/rehearse.ts';
import type { FileSites } from '../syntax/scope.ts';
import type { CallReader } from './read-call.ts';

export function readHiddenCalls(sites: FileSites, rehearsal: Rehearsal, calls: CallReader): void {
  for (const site of sites.calls) {
    const seen = rehearsal.callsAt(site.node);
    for (const one of seen) calls.readSeen(site, one);
    if (seen.length === 0) calls.readUnknown(site);
    else calls.doubtUnseen(site);
  }
}
