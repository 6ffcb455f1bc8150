import { createHash } from 'node:crypto';

/** The first 12 hexadecimal digits of a SHA-256 over a JSON value; the order of keys makes no difference. */
export function contentVersion(document: unknown): string {
  return createHash('sha256').update(canonical(document)).digest('hex').slice(0, 12);
}

/** JSON with the keys of every object sorted: the database keeps objects with their keys in its own order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
