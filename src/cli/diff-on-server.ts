/** `sluice diff --server`: the verdict that an API has, or computes. */
import { GuardError } from '../errors.ts';
import { askUntilDone } from '../guard/ask-server.ts';
import { renderPurl } from '../model/package-spec.ts';
import type { Verdict } from '../model/verdict.ts';
import { parseVerdict } from '../report/parse-verdict.ts';
import type { DiffOptions } from './diff.ts';
import { findServer } from './find-server.ts';
import type { DiffSubject } from './parse-subject.ts';

export async function diffOnServer(subject: DiffSubject, options: DiffOptions): Promise<Verdict> {
  const server = findServer(options);
  if (subject.source === 'local') {
    throw new GuardError('usage', 'A server has no files of this machine: name two versions, or leave --server away.');
  }
  if (options.policy !== undefined) {
    throw new GuardError('usage', "The server's own policy holds: leave --policy or --server away.");
  }
  const query = new URLSearchParams({ purl: renderPurl(subject.name, subject.to), from: subject.from });
  const { text } = await askUntilDone(server, { path: `/v1/verdicts?${query}` }, ({ status }) => status === 202);
  return parseVerdict(text);
}
