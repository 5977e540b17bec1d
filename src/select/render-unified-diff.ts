/**
 * The difference of two texts as `diff -u` writes it. Lines are compared as Myers describes ("An O(ND) Difference
 * Algorithm", 1986), with a limit: texts that differ in more lines than a person reads are shown as one block.
 */

/** So many lines may differ until the middle counts as rewritten: memory and time grow with its square. */
const maxApart = 3000;
const contextLines = 3;

/** One line of a diff; `same` stands in both texts. */
interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Empty when the texts are the same. */
export function renderUnifiedDiff(before: string, after: string, path: string): string {
  if (before === after) return '';
  const hunks = findHunks(compareLines(splitLines(before), splitLines(after)));
  return [`--- a/${path}\n`, `+++ b/${path}\n`, ...hunks].join('');
}

/** Each with its line end, as far as it has one. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compareLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const asLines = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] =>
    texts.map((text) => ({ kind, text }));
  return [
    ...asLines('same', before.slice(0, start)),
    ...(findShortest(left, right) ?? [...asLines('gone', left), ...asLines('new', right)]),
    ...asLines('same', before.slice(before.length - end)),
  ];
}

/** The shortest way from one text to the other; undefined when it is longer than the limit. */
function findShortest(left: readonly string[], right: readonly string[]): readonly DiffLine[] | undefined {
  const limit = Math.min(maxApart, left.length + right.length);
  /** By diagonal (shifted by one more than the limit): how far into `left` the furthest way gets. */
  const furthest = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  const trace: Int32Array[] = [];
  for (let apart = 0; apart <= limit; apart += 1) {
    trace.push(furthest.slice(middle - apart - 1, middle + apart + 2));
    for (let diagonal = -apart; diagonal <= apart; diagonal += 2) {
      let x = stepFrom(furthest, middle + diagonal, { diagonal, apart });
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      furthest[middle + diagonal] = x;
      if (x >= left.length && x - diagonal >= right.length) return walkBack(trace, left, right);
    }
  }
  return undefined;
}

interface Step {
  readonly diagonal: number;
  readonly apart: number;
}

/** Comes from the neighboring diagonal that got further: from above with a new line, from the left without an old one. */
function stepFrom(furthest: Int32Array, at: number, { diagonal, apart }: Step): number {
  const [above, beside] = [furthest[at + 1] ?? 0, furthest[at - 1] ?? 0];
  return comesFromAbove(above, beside, { diagonal, apart }) ? above : beside + 1;
}

function comesFromAbove(above: number, beside: number, { diagonal, apart }: Step): boolean {
  return diagonal === -apart || (diagonal !== apart && beside < above);
}

function walkBack(trace: readonly Int32Array[], left: readonly string[], right: readonly string[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [left.length, right.length];
  const back = (kind: DiffLine['kind'], text: string | undefined): void => {
    lines.push({ kind, text: text ?? '' });
    if (kind !== 'new') x -= 1;
    if (kind !== 'gone') y -= 1;
  };
  for (let apart = trace.length - 1; apart > 0; apart -= 1) {
    const diagonal = x - y;
    const at = diagonal + apart + 1;
    const [above, beside] = [trace[apart]?.[at + 1] ?? 0, trace[apart]?.[at - 1] ?? 0];
    const isNew = comesFromAbove(above, beside, { diagonal, apart });
    const start = isNew ? above : beside + 1;
    while (x > start) back('same', left[x - 1]);
    if (isNew) back('new', right[y - 1]);
    else back('gone', left[x - 1]);
  }
  while (x > 0) back('same', left[x - 1]);
  return lines.reverse();
}

function findHunks(lines: readonly DiffLine[]): readonly string[] {
  const hunks: string[] = [];
  const isNear = markNear(lines);
  let [old, now] = [1, 1];
  for (let index = 0; index < lines.length; ) {
    if (isNear[index] !== 1) {
      [old, now, index] = [old + 1, now + 1, index + 1];
      continue;
    }
    let end = index;
    while (isNear[end] === 1) end += 1;
    const hunk = lines.slice(index, end);
    const gone = hunk.filter(({ kind }) => kind !== 'new').length;
    const added = hunk.filter(({ kind }) => kind !== 'gone').length;
    hunks.push(
      `@@ -${renderSpan(old, gone)} +${renderSpan(now, added)} @@\n${orderHunk(hunk).map(renderLine).join('')}`,
    );
    [old, now, index] = [old + gone, now + added, end];
  }
  return hunks;
}

/** 1 for each line that differs, and for those around it. */
function markNear(lines: readonly DiffLine[]): Uint8Array {
  const near = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') near.fill(1, Math.max(0, index - contextLines), index + contextLines + 1);
  }
  return near;
}

/** Within a run of lines that differ, first what is gone. */
function orderHunk(hunk: readonly DiffLine[]): readonly DiffLine[] {
  const ordered: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = (): void => {
    for (const line of added) ordered.push(line);
    added = [];
  };
  for (const line of hunk) {
    if (line.kind === 'same') flush();
    (line.kind === 'new' ? added : ordered).push(line);
  }
  flush();
  return ordered;
}

/** An empty span begins after the line before it. */
function renderSpan(first: number, count: number): string {
  if (count === 1) return String(first);
  return `${count === 0 ? first - 1 : first},${count}`;
}

const signs: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', gone: '-', new: '+' };

function renderLine({ kind, text }: DiffLine): string {
  return text.endsWith('\n') ? `${signs[kind]}${text}` : `${signs[kind]}${text}\n\\ No newline at end of file\n`;
}
