import { expect, test } from 'vitest';
import { EXIT, explain, ReaderLeft, Stopped } from '../../../src/cli/exit.ts';
import { AppError, type ErrorCode } from '../../../src/errors.ts';

/** As documented; a new code without a line here does not compile. */
const CODES: Record<ErrorCode, number> = {
  bad_request: 1,
  invalid_input: 1,
  unauthorized: 1,
  not_found: 1,
  method_not_allowed: 1,
  conflict: 1,
  precondition_failed: 1,
  transition_not_allowed: 1,
  idempotency_in_progress: 1,
  idempotency_mismatch: 1,
  payload_too_large: 1,
  unsupported_media_type: 1,
  starting: 1,
  overloaded: 1,
  deadline_exceeded: 1,
  text_unprocessable: 1,
  file_error: 66,
  encoder_unavailable: 69,
  database_unavailable: 69,
  storage_full: 74,
  database_locked: 75,
  model_damaged: 78,
  schema_too_new: 78,
  bad_configuration: 78,
  bad_data_file: 78,
  cancelled: 130,
};

test.each(Object.entries(CODES))('%s ends a command with %i and its own words', (code, expected) => {
  expect(explain(new AppError(code as ErrorCode, 'What happened.'))).toEqual({
    code: expected,
    message: 'What happened.',
  });
});

test.each<[string, number, RegExp]>([
  ['ENOSPC', 74, /disk is full/],
  ['EADDRINUSE', 69, /Port 8080 is in use.*PORT/],
  ['EACCES', 69, /Not allowed/],
])('%s of the system ends it with %i', (code, expected, message) => {
  const error = Object.assign(new Error('listen'), { code, port: 8080 });
  expect(explain(error)).toEqual({ code: expected, message: expect.stringMatching(message) });
});

test('what nobody foresaw is told with its place in the code', () => {
  expect(explain(new TypeError('boom'))).toEqual({ code: 70, message: expect.stringContaining('exit.test.ts') });
  expect(explain('boom')).toEqual({ code: 70, message: 'boom' });
});

test('a stop is told, a reader who has enough is not', () => {
  expect(explain(new Stopped('stopped by SIGINT'))).toEqual({ code: 130, message: 'Stopped.' });
  expect(explain(new ReaderLeft())).toEqual({ code: 0, message: '' });
});

test('exit codes are those of sysexits.h', () => {
  expect(EXIT).toMatchObject({ ok: 0, failed: 1, usage: 2, badLines: 65, noInput: 66, unavailable: 69, internal: 70 });
  expect(EXIT).toMatchObject({ storage: 74, busy: 75, configuration: 78, interrupted: 130 });
});
