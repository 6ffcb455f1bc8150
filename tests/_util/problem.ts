import { expect } from 'vitest';
import { z } from 'zod';
import { type Problem, problemSchema } from '../../src/http/problem.ts';

export interface ExpectedProblem {
  readonly status: number;
  readonly code: string;
  /** The pointers of `errors`, in order; none when left out. */
  readonly pointers?: readonly string[];
}

const strictProblem = z.strictObject(problemSchema.shape);

/** Checks an answer as RFC 9457 and this service promise it, and gives the document. */
export async function expectProblem(response: Response, expected: ExpectedProblem): Promise<Problem> {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: expected.status });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = strictProblem.parse(JSON.parse(text));
  expect(problem).toMatchObject({ status: expected.status, code: expected.code });
  expect(problem.type).toBe(`urn:feedback-triage:problem:${expected.code}`);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect((problem.errors ?? []).map(({ pointer }) => pointer)).toEqual(expected.pointers ?? []);
  if (expected.status === 503) expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  if (expected.status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
  return problem;
}
