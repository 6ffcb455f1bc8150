import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import type { HttpEnv } from './env.ts';
import { problemSchema, titleOf } from './problem.ts';

export type App = OpenAPIHono<HttpEnv>;

export function newApp(): App {
  return new OpenAPIHono<HttpEnv>();
}

const PROBLEMS = {
  400: ['bad_request', 'The body cannot be read: not UTF-8, not JSON, or nested more than 16 levels deep.'],
  401: ['unauthorized', 'No key, or a key that is not known.'],
  404: ['not_found', 'There is nothing under this id.'],
  409: ['idempotency_in_progress', 'Another request is in the way.'],
  412: [
    'precondition_failed',
    'The item has changed since it was read (`If-Match`); `ETag` of a new read goes with it.',
  ],
  413: ['payload_too_large', 'The body is larger than 1 MiB.'],
  415: ['unsupported_media_type', 'The content type is not application/json.'],
  422: ['invalid_input', 'A field is not acceptable; `errors` says which, why, and what would be.'],
  500: ['internal', 'An error of the service, logged under the request id.'],
  503: ['overloaded', 'Too busy or not available now; `Retry-After` says when to come back.'],
  507: ['storage_full', 'The disk is full; nothing was stored.'],
} as const;
const REQUEST_ID = '01a20162-58db-746b-8ed4-46b9e0bc5972';

/** The problem answers of an operation, for its OpenAPI entry. */
export function problems(...statuses: (keyof typeof PROBLEMS)[]): RouteConfig['responses'] {
  return Object.fromEntries(
    statuses.map((status) => {
      const [code, description] = PROBLEMS[status];
      const type = `urn:feedback-triage:problem:${code}`;
      const refused = status === 422 && { errors: [{ pointer: '/text', message: 'must not be empty' }] };
      const example = {
        type,
        title: titleOf(code),
        status,
        code,
        detail: description,
        ...refused,
        requestId: REQUEST_ID,
      };
      return [status, { description, content: { 'application/problem+json': { schema: problemSchema, example } } }];
    }),
  );
}

/**
 * Adds an operation to the router and to the document. Bodies and queries are read by the handler (`readJson`,
 * `readQuery`), because the limits on size, encoding and depth come before the schema.
 */
export function addOperation(
  app: App,
  route: RouteConfig,
  handler: (c: HonoContext<HttpEnv>) => Response | Promise<Response>,
): void {
  app.openAPIRegistry.registerPath(route);
  app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/gu, ':$1'), handler);
}
