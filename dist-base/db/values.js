import pg from 'pg';
const BYTEA = 17;
const DATE = 1082;
const TIMESTAMP = 1114;
const hexToBytes = (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
const asIs = (text) => text;
const OWN_PARSERS = {
    [BYTEA]: hexToBytes,
    // Both lack a zone: as a Date they would shift with the machine's own.
    [DATE]: asIs,
    [TIMESTAMP]: asIs,
};
/**
 * What a column's text becomes in JavaScript, by type id; one table for both engines.
 *
 * `timestamptz` → Date, `int8` and `numeric` → string, `json(b)` → its value, arrays → arrays, `bytea` → Uint8Array,
 * `date`, `timestamp` and every unknown type (`vector`, `uuid`) → the text.
 */
export function parserFor(typeId) {
    return OWN_PARSERS[typeId] ?? pg.types.getTypeParser(typeId, 'text');
}
/** The text that PostgreSQL reads for a parameter, by the rules of `pg`: arrays are array literals, objects are JSON. */
export function encodeParameter(value) {
    if (value === null || value === undefined)
        return null;
    if (typeof value === 'string')
        return value;
    if (value instanceof Date)
        return value.toISOString();
    if (value instanceof Uint8Array)
        return `\\x${Buffer.from(value).toString('hex')}`;
    if (Array.isArray(value))
        return `{${value.map(encodeElement).join(',')}}`;
    if (typeof value === 'object')
        return JSON.stringify(value);
    return String(value);
}
function encodeElement(item) {
    const text = encodeParameter(item);
    if (text === null)
        return 'NULL';
    if (Array.isArray(item))
        return text;
    return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
//# sourceMappingURL=values.js.map