import { AppError } from '../errors.ts';

/** What a page is sorted by: ids that are UUIDs, sequence numbers, or a number with the id that decides between equals. */
export type KeyKind = 'uuid' | 'seq' | `by_${string}`;

const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const SHAPES = {
  uuid: new RegExp(`^${UUID}$`),
  seq: /^(?:0|[1-9]\d{0,17})$/,
  ranked: new RegExp(`^-?\\d{1,20}(?:\\.\\d{1,20})?(?:e[+-]\\d{1,3})?~${UUID}$`),
};
const shapeOf = (kind: KeyKind) => SHAPES[kind === 'uuid' || kind === 'seq' ? kind : 'ranked'];

export interface Page<T> {
  readonly items: T[];
  /** Pass it on to get what follows; null on the last page. */
  readonly nextCursor: string | null;
}

/** An opaque text for the key of the last row of a page. */
export function encodeCursor(kind: KeyKind, key: string): string {
  return Buffer.from(`${kind}:${key}`).toString('base64url');
}

/**
 * The key in a cursor: what follows are the rows beyond it.
 *
 * @param pointer where the cursor was sent, for the error
 * @throws AppError `invalid_input` for anything that `encodeCursor` did not make for this kind
 */
export function decodeCursor(kind: KeyKind, cursor: string, pointer = '/cursor'): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const key = text.slice(kind.length + 1);
  if (encodeCursor(kind, key) === cursor && shapeOf(kind).test(key)) return key;
  const message = 'must be the next_cursor of an earlier answer';
  throw new AppError('invalid_input', `The cursor ${message}.`, { errors: [{ pointer, message }] });
}

/**
 * Cuts a page from rows that were selected with `limit + 1`: the row too many tells that more follow.
 *
 * @param keyOf the unique column by which the rows are sorted
 */
export function toPage<T>(rows: readonly T[], limit: number, kind: KeyKind, keyOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor(kind, keyOf(last)) : null };
}

/** The key of a row in a list by a number. */
export function rankedKey({ value, id }: { readonly value: number; readonly id: string }): string {
  return `${value}~${id}`;
}

/** The parts of a key that `rankedKey` made. */
export function readRankedKey(key: string): { readonly value: number; readonly id: string } {
  const [value = '', id = ''] = key.split('~');
  return { value: Number(value), id };
}
