/** Long lists, newest first, a page at a time: where a page ends is where the next begins. */
import { type TNull, type TOptional, type TString, type TUnion, Type } from '@fastify/type-provider-typebox';

/** What callers say of the page that they want. */
export const pageQuery: { readonly limit: TOptional<TString>; readonly cursor: TOptional<TString> } = {
  limit: Type.Optional(
    Type.String({ pattern: '^(?:[1-9]\\d?|[1-4]\\d\\d|500)$', description: '1 to 500; default 100.' }),
  ),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$', description: '`next` of the page before.' })),
};

export const nextPage: TUnion<[TString, TNull]> = Type.Union([
  Type.String({ description: 'The next `cursor`.' }),
  Type.Null(),
]);

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** @param list Newest first, as many as it is told, of those before it. */
export async function readPage<Row extends { readonly id: string }>(
  { limit: text = '100', cursor }: { readonly limit?: string; readonly cursor?: string },
  list: (part: { readonly before: string | undefined; readonly limit: number }) => Promise<readonly Row[]>,
): Promise<Page<Row>> {
  const limit = Number(text);
  // One more than is shown tells whether there is a next page.
  const found = await list({ before: cursor, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}
