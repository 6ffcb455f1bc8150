import { z } from 'zod';

/** Pieces of a text that stayed, went and came, in order. */
export const differenceSchema = z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }));
export type Difference = z.infer<typeof differenceSchema>;

/** Beyond this many pieces on both sides the comparison is by lines, so that its cost stays bounded. */
const MAX_CELLS = 4_000_000;
const PIECES = /\p{Script=Han}|[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu;

/** What an edit changed, word by word and in Chinese character by character (longest common subsequence). */
export function diffTexts(before: string, after: string): Difference {
  const [left, right] = [before.match(PIECES) ?? [], after.match(PIECES) ?? []];
  const isLarge = (left.length + 1) * (right.length + 1) > MAX_CELLS;
  return isLarge ? compare(before.split(/(?<=\n)/u), after.split(/(?<=\n)/u)) : compare(left, right);
}

/** Share of both texts that changed, 0 (the same) to 1. */
export function distanceOf(difference: Difference): number {
  const lengths = { same: 0, removed: 0, added: 0 };
  for (const { kind, text } of difference) lengths[kind] += text.length;
  const changed = lengths.removed + lengths.added;
  return changed === 0 ? 0 : changed / (2 * lengths.same + changed);
}

function compare(left: readonly string[], right: readonly string[]): Difference {
  const width = right.length + 1;
  const common = new Uint16Array((left.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      common[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pieces: Difference = [];
  const add = (kind: Difference[number]['kind'], text: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let [row, column] = [0, 0];
  while (row < left.length || column < right.length) {
    const [gone, come] = [left[row], right[column]];
    if (gone !== undefined && gone === come) {
      add('same', gone);
      row++;
      column++;
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      add('removed', gone);
      row++;
    } else if (come !== undefined) {
      add('added', come);
      column++;
    }
  }
  return pieces;
}
