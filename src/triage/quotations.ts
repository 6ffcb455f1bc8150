import type { Unit } from '../text/units.ts';

/** Words between quotation marks: the units of the two marks. */
export interface Quotation {
  readonly open: number;
  readonly close: number;
}

const CLOSES: Readonly<Record<string, string>> = { '“': '”', '「': '」', '『': '』', '«': '»', '〝': '〞', '"': '"' };

/** Quotations of a text, in their order, none inside another. One that the line does not close is none. */
export function findQuotations(units: readonly Unit[]): Quotation[] {
  const found: Quotation[] = [];
  let open: { readonly at: number; readonly closes: string } | undefined;
  units.forEach(({ kind, form }, at) => {
    if (form === '\n') open = undefined;
    if (kind !== 'mark') return;
    if (open?.closes === form) {
      found.push({ open: open.at, close: at });
      open = undefined;
    } else if (open === undefined) {
      const closes = CLOSES[form];
      if (closes !== undefined) open = { at, closes };
    }
  });
  return found;
}
