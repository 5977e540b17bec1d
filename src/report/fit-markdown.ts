/** What fits into a comment: everything in brief before anything in full, the most important first; the rest is counted. */
import { Markdown } from './escape-markdown.ts';

export interface Part {
  /** What is left out, for a person: `packages that pass`. */
  readonly what: string;
  /** 1 is served first. Parts stand in the order they are given in, not in this one. */
  readonly priority: number;
  /** Gets only what the others leave, when they are told in full. */
  readonly isExtra: boolean;
  readonly pieces: readonly Piece[];
  /** Puts the pieces that fit together, and what stands around them. */
  readonly assemble: (shown: readonly Markdown[]) => Markdown;
}

/** The same in several lengths, the fullest first. */
export type Piece = readonly [Markdown, ...Markdown[]];

/** Line breaks between pieces, and then some. */
const bytesBetween = 4;
/** For the sentence that says what was left out. */
const bytesForRest = 600;

interface Choice {
  readonly part: Part;
  readonly piece: Piece;
  shown: Markdown | undefined;
}

/** @param maxBytes Kept, as long as the briefest form of the first part keeps it. */
export function fitMarkdown(parts: readonly Part[], maxBytes: number): string {
  const choices = parts
    .toSorted((left, right) => left.priority - right.priority)
    .flatMap((part) => part.pieces.map((piece): Choice => ({ part, piece, shown: undefined })));
  const [main, extra] = [choices.filter(({ part }) => !part.isExtra), choices.filter(({ part }) => part.isExtra)];
  let left = takeBriefly(main, maxBytes - bytesForRest);
  left = lengthen(main, left);
  left = takeBriefly(extra, left);
  lengthen(extra, left);
  const sections = parts.flatMap((part) => {
    const shown = choices.flatMap((choice) =>
      choice.part === part && choice.shown !== undefined ? [choice.shown] : [],
    );
    return shown.length === 0 ? [] : [part.assemble(shown)];
  });
  return `${Markdown.join([...sections, ...describeHidden(choices)], '\n\n')}\n`;
}

/** Each piece in its briefest form. Where one does not fit, none of the less important ones of its part takes its place. */
function takeBriefly(choices: readonly Choice[], room: number): number {
  let left = room;
  const begun = new Set<Part>();
  const full = new Set<Part>();
  for (const choice of choices) {
    const { part, piece } = choice;
    if (full.has(part)) continue;
    const briefest = piece.at(-1) ?? piece[0];
    const cost = briefest.bytes + bytesBetween + (begun.has(part) ? 0 : part.assemble([]).bytes);
    if (cost > left) full.add(part);
    else {
      choice.shown = briefest;
      left -= cost;
      begun.add(part);
    }
  }
  return left;
}

function lengthen(choices: readonly Choice[], room: number): number {
  let left = room;
  for (const choice of choices) {
    const { shown, piece } = choice;
    if (shown === undefined) continue;
    const longer = piece.find((form) => form.bytes - shown.bytes <= left) ?? shown;
    left -= longer.bytes - shown.bytes;
    choice.shown = longer;
  }
  return left;
}

function describeHidden(choices: readonly Choice[]): readonly Markdown[] {
  const hidden = choices.filter(({ shown }) => shown === undefined);
  const cut = choices.filter(({ shown, piece }) => shown !== undefined && shown !== piece[0]);
  const sentences = [
    ...[...Map.groupBy(hidden, ({ part }) => part.what)].map(([what, all]) => `${all.length} × ${what} left out`),
    ...[...Map.groupBy(cut, ({ part }) => part.what)].map(([what, all]) => `${all.length} × ${what} told in brief`),
  ];
  if (sentences.length === 0) return [];
  return [Markdown.of`**For want of room: ${sentences.join('; ')}.** The JSON report has all of it.`];
}
