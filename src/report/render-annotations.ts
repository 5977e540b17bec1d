/** Findings as workflow commands, which GitHub shows at the lockfile's lines: at most ten errors and ten warnings, worst first. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Finding } from '../model/finding.ts';
import { type CheckBlock, listBlocks } from './check-blocks.ts';
import { addCoverage, sectionCheck } from './check-sections.ts';
import { describeStep, findTarget, formatCount } from './check-words.ts';
import { escapeCommandMessage, escapeCommandProperty } from './escape-workflow-command.ts';
import { explainUndecided, type FindingGroup, namePlace } from './verdict-words.ts';

export type AnnotationKind = 'error' | 'warning' | 'notice';

export interface Annotation {
  readonly kind: AnnotationKind;
  readonly title: string;
  /** Foreign text stands in it raw. */
  readonly message: string;
  /** From the root of the repository. */
  readonly path?: string | undefined;
  readonly line?: number | undefined;
}

/** GitHub shows so many of a kind for each step, and drops the others without a word. */
const maxOfKind = 10;

export function listAnnotations(check: CheckVerdict): readonly Annotation[] {
  const blocks = listBlocks(check, sectionCheck(check));
  const findings = blocks.flatMap((block) => block.groups.map((group) => annotate(group, block, check)));
  const missing = explainUndecided(addCoverage(check));
  if (check.result !== 'undecided') return findings;
  const [first = 'something needed could not be had', ...others] = missing;
  const more = others.length === 0 ? '' : ` (and ${formatCount(others.length)} more gaps)`;
  return [
    { kind: 'error', title: 'Sluice: undecided', message: `${first}${more}`, path: check.lockfile, line: 1 },
    ...findings,
  ];
}

/** One command a line. Those beyond the limit are counted by the last. */
export function renderAnnotations(annotations: readonly Annotation[]): string {
  const kinds: readonly AnnotationKind[] = ['error', 'warning', 'notice'];
  return kinds
    .flatMap((kind) => takeFirst(annotations.filter((annotation) => annotation.kind === kind)))
    .map(renderAnnotation)
    .join('');
}

function takeFirst(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (annotations.length <= maxOfKind || first === undefined) return annotations;
  const left = annotations.length - maxOfKind + 1;
  const message = `${formatCount(left)} more are told in the job summary.`;
  return [...annotations.slice(0, maxOfKind - 1), { kind: first.kind, title: 'Sluice', message }];
}

function renderAnnotation({ kind, title, message, path, line }: Annotation): string {
  const properties = [
    ...(path === undefined ? [] : [`file=${escapeCommandProperty(path)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${escapeCommandProperty(title)}`,
  ];
  return `::${kind} ${properties.join(',')}::${escapeCommandMessage(message)}\n`;
}

function annotate({ first, others }: FindingGroup, { section, told }: CheckBlock, check: CheckVerdict): Annotation {
  const subject =
    section === undefined
      ? (check.project ?? 'the project')
      : `${section.checked.name} ${describeStep(section.checked, check)}`;
  const target = section === undefined ? undefined : findTarget(section, check);
  const more = others.length === 0 ? '' : ` (and ${formatCount(others.length)} more)`;
  const take = target === undefined ? '' : ` Take ${target} instead.`;
  return {
    kind: first.level === 'block' ? 'error' : 'warning',
    title: `Sluice: ${first.rule}`,
    message: `${subject}: ${first.message}${more} [${namePlace(first, told)}]${take}`,
    ...locate(first, section?.checked.line, check),
  };
}

/** What a tarball shows is located where the lockfile names the package: the repository has no other line about it. */
function locate(
  { at }: Finding,
  line: number | undefined,
  { lockfile }: CheckVerdict,
): Pick<Annotation, 'path' | 'line'> {
  const isHere = at.in === 'lockfile' && at.path !== undefined;
  return isHere ? { path: at.path, line: at.line ?? 1 } : { path: lockfile, line: line ?? 1 };
}
