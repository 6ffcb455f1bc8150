import { AppError } from '../errors.js';
const SHAPES = {
    uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    seq: /^(?:0|[1-9]\d{0,17})$/,
};
/** An opaque text for the key of the last row of a page. */
export function encodeCursor(kind, key) {
    return Buffer.from(`${kind}:${key}`).toString('base64url');
}
/**
 * The key in a cursor: what follows are the rows beyond it.
 *
 * @param pointer where the cursor was sent, for the error
 * @throws AppError `invalid_input` for anything that `encodeCursor` did not make for this kind
 */
export function decodeCursor(kind, cursor, pointer = '/cursor') {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    const key = text.slice(kind.length + 1);
    if (encodeCursor(kind, key) === cursor && SHAPES[kind].test(key))
        return key;
    const message = 'must be the next_cursor of an earlier answer';
    throw new AppError('invalid_input', `The cursor ${message}.`, { errors: [{ pointer, message }] });
}
/**
 * Cuts a page from rows that were selected with `limit + 1`: the row too many tells that more follow.
 *
 * @param keyOf the unique column by which the rows are sorted
 */
export function toPage(rows, limit, kind, keyOf) {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, nextCursor: more ? encodeCursor(kind, keyOf(last)) : null };
}
//# sourceMappingURL=paginate.js.map