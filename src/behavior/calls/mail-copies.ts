/** Mails of which somebody gets a copy that nobody asked for: the text itself says who, `bcc: 'me@…'`. */

import type { SummaryDraft } from '../summary/summary-draft.ts';
import type { CopySite } from '../syntax/scope.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives, constantOf } from '../values/value.ts';

/** What a mail calls those who get a copy that the others do not see. */
export const copyField: RegExp = /^bcc$/i;
const address = /^[^@\s<>]+@[\w-]+(?:\.[\w-]+)+$/;

export function readMailCopies(sites: readonly CopySite[], evaluator: Evaluator, draft: SummaryDraft): void {
  for (const site of sites) {
    const values = alternatives(evaluator.evaluate(site.node, site.scope));
    const all = values.flatMap((one) => (one.kind === 'list' ? one.elements : [one]));
    const detail = all
      .map((one) => constantOf(one)?.value)
      .find((value) => typeof value === 'string' && address.test(value));
    if (typeof detail === 'string')
      draft.add(site, { kind: 'disclosure', api: 'bcc', detail, carries: [{ sort: 'input', name: 'mail' }] });
  }
}
