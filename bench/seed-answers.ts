/** Stored verdicts by the thousand, each on another package, as the service itself would have stored them. */
import { changesDaily } from '../src/guard/verdict-memory.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { renderJson } from '../src/report/render-json.ts';
import type { Service } from '../src/service/service.ts';
import { type Answer, insertAnswer } from '../src/store/stored-answers.ts';

export const engine = '0.0.0-bench';
const perWrite = 1_000;

/** The name of the package of a row. */
export function nameOfRow(row: number): string {
  return `package-${row}`;
}

export function pathOfRow(row: number): string {
  return `/v1/verdicts?purl=pkg:npm/${nameOfRow(row)}@1.0.1&from=1.0.0`;
}

/** A verdict of ordinary size. */
export function renderRow(row: number, asOf: string): Pick<Answer, 'document' | 'changesDaily' | 'verdictId'> {
  const digest = `sha512-${'A'.repeat(86)}==`;
  const verdict: Verdict = {
    result: 'allow',
    id: `sha256-${row.toString(16).padStart(64, '0')}`,
    subject: {
      name: nameOfRow(row),
      from: '1.0.0',
      to: '1.0.1',
      integrity: { from: digest, to: digest },
      source: 'registry',
    },
    findings: [],
    coverage: { applicable: 36, checked: 32, unchecked: [], gaps: listGaps(nameOfRow(row)) },
    exemptions: { unused: [], expired: [] },
    engine,
    rules: `sha256-${'1'.repeat(64)}`,
    policy: `sha256-${'2'.repeat(64)}`,
    asOf,
  };
  const document = renderJson(verdict).replaceAll(/\n */g, '');
  return { document, changesDaily: changesDaily(verdict), verdictId: verdict.id };
}

export async function openSeeded({ database, questions, now }: Service, rows: number): Promise<void> {
  const asOf = now().toISOString();
  for (let first = 0; first < rows; first += perWrite) {
    const last = Math.min(rows, first + perWrite);
    await database.write(
      Array.from({ length: last - first }, (_, index) => {
        const row = first + index;
        const [name, from, to] = [nameOfRow(row), '1.0.0', '1.0.1'];
        return insertAnswer({
          ...renderRow(row, asOf),
          question: questions.nameOf({ name, from, to }),
          asOf,
          lasting: true,
          registry: 'https://registry.example/',
          name,
          from,
          to,
          integrity: undefined,
          result: 'allow',
          rules: questions.rules,
          policy: questions.policy,
          engine,
        });
      }),
    );
  }
}

/** What a mirror leaves out. */
function listGaps(name: string): Verdict['coverage']['gaps'] {
  return (['publishTimes', 'signatures', 'provenance', 'publishers'] as const).map((fact) => ({
    fact,
    package: name,
    why: 'not-served',
    detail: `The registry does not say this of ${name}.`,
    required: false,
  }));
}
