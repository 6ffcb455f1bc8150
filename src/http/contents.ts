import type { z } from 'zod';

type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;

/** A JSON body that an operation takes, for its OpenAPI entry. */
export function jsonBody(schema: z.ZodType, examples: Examples) {
  return { required: true, content: { 'application/json': { schema, examples } } };
}

/** A JSON answer, for the OpenAPI entry. */
export function jsonAnswer(description: string, schema: z.ZodType, example: unknown) {
  return { description, content: { 'application/json': { schema, example } } };
}
