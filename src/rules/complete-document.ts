import { z } from 'zod';

const parts = z.object({ scopes: z.unknown(), currencies: z.unknown() });

/** The document with scopes and currencies of `base` where it brings none of its own: most changes are of rules only. */
export function completeDocument(document: unknown, base: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  const { scopes, currencies } = parts.parse(base);
  return {
    ...document,
    ...(!('scopes' in document) && { scopes }),
    ...(!('currencies' in document) && { currencies }),
  };
}
