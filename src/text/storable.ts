import { z } from 'zod';

/** Text that PostgreSQL can hold and a person can read: no U+0000, no half of a surrogate pair. */
export function storable(schema: z.ZodString): z.ZodString {
  return schema
    .refine((value) => value.isWellFormed(), 'holds half of a surrogate pair; send well-formed Unicode')
    .refine((value) => !value.includes('\u0000'), 'holds the character U+0000; send plain text');
}

/** Text of 1 to `max` characters of which a person can see at least one. */
export function visibleText(max: number): z.ZodString {
  const bounded = z
    .string()
    .min(1, { error: 'must not be empty', abort: true })
    .max(max, `must have at most ${max} characters`);
  return storable(bounded).refine(
    (value) => /[^\s\p{Cc}\p{Cf}]/u.test(value),
    'must hold at least one visible character',
  );
}
