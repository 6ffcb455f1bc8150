import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** The column that takes what is left of the width; its cells are cut. */
  readonly flexible?: boolean;
  readonly maxWidth?: number;
}

const GAP = '  ';
const MIN_FLEXIBLE = 12;

/** A table of plain text, columns aligned by what a terminal shows (a Chinese character takes two cells). */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const widths = columns.map((column, at) => {
    const widest = (most: number, row: readonly string[]) => Math.max(most, stringWidth(printable(row[at] ?? '')));
    const natural = rows.reduce(widest, stringWidth(column.title));
    return Math.min(natural, column.maxWidth ?? natural);
  });
  const flexible = columns.findIndex((column) => column.flexible);
  if (flexible >= 0) {
    const others =
      widths.reduce((sum, size, at) => (at === flexible ? sum : sum + size), 0) + GAP.length * (columns.length - 1);
    widths[flexible] = Math.max(MIN_FLEXIBLE, Math.min(widths[flexible] ?? 0, width - others));
  }
  const draw = (cells: readonly string[]) =>
    columns
      .map((column, at) => fitCell(cells[at] ?? '', widths[at] ?? 0, column.align === 'right'))
      .join(GAP)
      .trimEnd();
  return [
    draw(columns.map(({ title }) => title)),
    draw(widths.map((size) => '─'.repeat(size))),
    ...rows.map(draw),
  ].join('\n');
}

/** Text in one line that cannot move the cursor, colour the screen or turn the line round (control and bidi signs). */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Cuts or pads to exactly `width` cells. */
function fitCell(text: string, width: number, alignRight: boolean): string {
  const cut = truncate(printable(text), width);
  const padding = ' '.repeat(Math.max(0, width - stringWidth(cut)));
  return alignRight ? padding + cut : cut + padding;
}

export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
