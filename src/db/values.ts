import pg from 'pg';

const BYTEA = 17;
const DATE = 1082;
const TIMESTAMP = 1114;

const hexToBytes = (text: string) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
const asIs = (text: string) => text;

const OWN_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
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
export function parserFor(typeId: number): (text: string) => unknown {
  return OWN_PARSERS[typeId] ?? pg.types.getTypeParser(typeId, 'text');
}

/** The text that PostgreSQL reads for a parameter, by the rules of `pg`: arrays are array literals, objects are JSON. */
export function encodeParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(',')}}`;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

function encodeElement(item: unknown): string {
  const text = encodeParameter(item);
  if (text === null) return 'NULL';
  if (Array.isArray(item)) return text;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
