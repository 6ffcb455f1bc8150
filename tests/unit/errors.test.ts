import { expect, test } from 'vitest';
import { AppError, isAppError } from '../../src/errors.ts';

test('an AppError carries what its caller may be told, and its cause beside it', () => {
  const cause = new Error('inner');
  const errors = [{ pointer: '/text', message: 'must not be empty' }];
  const error = new AppError('invalid_input', 'Not accepted.', { errors, retryAfter: 2, cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'AppError', code: 'invalid_input', message: 'Not accepted.', errors });
  expect([error.retryAfter, error.cause]).toEqual([2, cause]);
  const plain = new AppError('not_found', 'Nothing.');
  expect([plain.errors, plain.retryAfter, 'cause' in plain]).toEqual([[], undefined, false]);
});

test('isAppError tells by class and code', () => {
  const error: unknown = new AppError('conflict', 'x');
  expect([isAppError(error), isAppError(error, 'conflict'), isAppError(error, 'not_found')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isAppError({ code: 'conflict', message: 'x' }, 'conflict')).toBe(false);
  expect(isAppError(new Error('conflict'))).toBe(false);
});
