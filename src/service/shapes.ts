/** What several routes answer, as the OpenAPI document tells it. */
import { type TObject, type TString, type TUnsafe, Type } from '@fastify/type-provider-typebox';
import { type ErrorCode, GuardError } from '../errors.ts';
import { problemType, problemTypeOf } from './problem.ts';

/** Schemas that stand in the document once, by name. */
export function refer(name: string): TUnsafe<unknown> {
  return Type.Unsafe<unknown>({ $ref: `#/components/schemas/${name}` });
}

export const verdictAnswer: TUnsafe<unknown> = refer('Verdict');

/** As `makeId` makes them. */
export const checkId: TObject<{ id: TString }> = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

interface ProblemAnswer {
  readonly description: string;
  readonly content: Readonly<Record<typeof problemType, { readonly schema: TUnsafe<unknown> }>>;
}

/** Those that every route may answer are added by themselves. */
export function problemAnswers(...codes: readonly ErrorCode[]): Readonly<Record<number, ProblemAnswer>> {
  const everywhere: readonly ErrorCode[] = [
    'token-missing',
    'scope-missing',
    'too-many-requests',
    'overloaded',
    'headers-too-large',
    'request-timeout',
  ];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...codes, ...everywhere])) {
    const { status } = new GuardError(code, '');
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const answers = [...byStatus].map(([status, its]): [number, ProblemAnswer] => [
    status,
    { description: its.map(problemTypeOf).join(', '), content: { [problemType]: { schema: refer('Problem') } } },
  ]);
  const bug = { description: 'A bug in Sluice', content: { [problemType]: { schema: refer('Problem') } } };
  return Object.fromEntries([...answers, [500, bug] as const]);
}
