import { HTTPException } from 'hono/http-exception';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../../src/errors.ts';
import { invalidInput, problemSchema, toProblem } from '../../../src/http/problem.ts';

/** As documented; a new code without a line here does not compile. */
const STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  unauthorized: 401,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  transition_not_allowed: 409,
  precondition_failed: 412,
  idempotency_in_progress: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  idempotency_mismatch: 422,
  text_unprocessable: 422,
  model_damaged: 500,
  database_locked: 500,
  schema_too_new: 500,
  bad_configuration: 500,
  bad_data_file: 500,
  file_error: 500,
  starting: 503,
  overloaded: 503,
  deadline_exceeded: 503,
  encoder_unavailable: 503,
  database_unavailable: 503,
  cancelled: 499,
  storage_full: 507,
};

describe('a problem document', () => {
  test.each(Object.entries(STATUS))('%s is answered with %i', (code, status) => {
    const errors = [{ pointer: '/a', message: 'm' }];
    const error = new AppError(code as ErrorCode, 'What happened.', { errors, cause: new Error('secret') });
    const { problem } = toProblem(error, 'request-1');
    problemSchema.parse(problem);
    expect(JSON.stringify(problem)).not.toContain('secret');
    const own = { code, detail: 'What happened.', errors };
    expect(problem).toMatchObject({ status, requestId: 'request-1', ...(status === 500 ? { code: 'internal' } : own) });
    expect(problem.title.length).toBeGreaterThan(3);
  });

  test('our own faults and strangers are told as one plain error', () => {
    const faults = [
      new AppError('file_error', '/home/app/secret cannot be read', { errors: [{ pointer: '/secret', message: 's' }] }),
      new TypeError("Cannot read properties of undefined (reading 'secret')"),
      new HTTPException(500, { message: 'secret' }),
      'secret',
      undefined,
    ];
    const told = faults.map((fault) => toProblem(fault));
    expect(new Set(told.map((parts) => JSON.stringify(parts))).size).toBe(1);
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(told[0]?.problem).toMatchObject({ status: 500, code: 'internal' });
    expect(told[0]?.problem).not.toHaveProperty('requestId');
  });

  test('what the framework refuses keeps its status', () => {
    const { problem } = toProblem(new HTTPException(414, { message: 'URI too long' }));
    expect(problem).toMatchObject({ status: 414, code: 'bad_request', detail: 'URI too long' });
  });

  test('when to come back is kept', () => {
    expect(toProblem(new AppError('overloaded', 'x', { retryAfter: 3.5 })).retryAfter).toBe(3.5);
    expect(toProblem(new AppError('overloaded', 'x')).retryAfter).toBeUndefined();
  });
});

describe('pointers', () => {
  const refuse = (schema: z.ZodType, value: unknown, prefix?: string) => {
    const { error } = schema.safeParse(value);
    if (!error) throw new Error('the value was accepted');
    return invalidInput(error, prefix);
  };
  const pointersOf = (error: AppError) => error.errors.map(({ pointer }) => pointer);

  test('lead to the field (RFC 6901), also below a prefix and through lists', () => {
    const schema = z.object({ items: z.array(z.object({ 'a/b~c': z.string() })) });
    const error = refuse(schema, { items: [{ 'a/b~c': '' }, { 'a/b~c': 1 }] }, '/batch/3');
    expect(pointersOf(error)).toEqual(['/batch/3/items/1/a~1b~0c']);
    expect(pointersOf(refuse(z.string(), 1))).toEqual(['']);
    expect(refuse(z.string(), 1).message).toBe('Not accepted: what was sent as a whole.');
  });

  test('name unknown fields one by one, beside the ones that are wrong', () => {
    const error = refuse(z.strictObject({ a: z.string() }), { a: 1, 'x/y': 1, z: 1 });
    expect(pointersOf(error)).toEqual(['/a', '/x~1y', '/z']);
  });

  test('say why a key of a record is refused', () => {
    const schema = z.record(z.string().max(3, 'is too long'), z.number());
    expect(refuse(schema, { abcd: 1 }).errors).toEqual([{ pointer: '/abcd', message: 'is too long' }]);
  });

  test('are few and short, however many and long the fields are', () => {
    const long = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`${at}${'~'.repeat(500)}`, 1]));
    const error = refuse(z.strictObject({}), long);
    expect(error.errors).toHaveLength(20);
    expect(error.message).toMatch(/ and 30 more\.$/);
    expect(JSON.stringify(error.errors).length).toBeLessThan(6_000);
  });
});
