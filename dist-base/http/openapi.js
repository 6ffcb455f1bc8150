import { OpenAPIHono } from '@hono/zod-openapi';
import { problemSchema } from './problem.js';
export function newApp() {
    return new OpenAPIHono();
}
const PROBLEMS = {
    400: 'The body cannot be read: not UTF-8, not JSON, or nested too deep.',
    401: 'No key, or a key that is not known.',
    404: 'There is nothing under this id.',
    409: 'Another request is in the way.',
    413: 'The body is larger than 1 MiB.',
    415: 'The content type is not application/json.',
    422: 'A field is not acceptable; `errors` says which, why, and what would be.',
    500: 'An error of the service, logged under the request id.',
    503: 'Too busy or not available now; `Retry-After` says when to come back.',
    507: 'The disk is full; nothing was stored.',
};
/** The problem answers of an operation, for its OpenAPI entry. */
export function problems(...statuses) {
    return Object.fromEntries(statuses.map((status) => [
        status,
        { description: PROBLEMS[status], content: { 'application/problem+json': { schema: problemSchema } } },
    ]));
}
/**
 * Adds an operation to the router and to the document. Bodies and queries are read by the handler (`readJson`,
 * `readQuery`), because the limits on size, encoding and depth come before the schema.
 */
export function addOperation(app, route, handler) {
    app.openAPIRegistry.registerPath(route);
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/gu, ':$1'), handler);
}
//# sourceMappingURL=openapi.js.map