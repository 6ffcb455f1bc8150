import type { Context as HonoContext } from 'hono';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { hashRequest, type IdempotencyKey } from '../intake/idempotency.ts';
import type { HttpEnv } from './env.ts';

const KEY = /^[\x21-\x7e]{1,255}$/u;

/** The header by which a repeat is answered with the first answer. */
export const IDEMPOTENCY_KEY = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('1 to 255 visible ASCII characters of your choice.'),
});

/** The key of a request, where it has one, for what was asked. @throws AppError `invalid_input` */
export function readIdempotency(c: HonoContext<HttpEnv>, asked: string): IdempotencyKey | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return undefined;
  if (KEY.test(key)) return { scope: scopeOf(c.get('actor')), key, requestHash: hashRequest(asked) };
  throw new AppError('invalid_input', 'The Idempotency-Key is not acceptable.', {
    errors: [{ pointer: '/headers/Idempotency-Key', message: 'must have 1 to 255 visible ASCII characters' }],
  });
}

function scopeOf(actor: HttpEnv['Variables']['actor']): string {
  return actor.kind === 'api_key' ? `api_key:${actor.name}` : actor.kind;
}
