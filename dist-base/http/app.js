import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { matchedRoutes } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.js';
import { requireKey } from './auth.js';
import { MAX_BODY_BYTES } from './body.js';
import { documentRoutes } from './document.js';
import { createMetrics } from './metrics.js';
import { newApp } from './openapi.js';
import { sendProblem } from './problem.js';
import { classifyRoutes } from './routes/classify.js';
import { feedbackRoutes } from './routes/feedback.js';
import { healthRoutes } from './routes/health.js';
/** Open without a key: nothing in them is about a customer. */
const OPEN_PATHS = new Set(['/livez', '/readyz', '/openapi.json', '/docs', '/docs/scalar.js']);
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";
const REQUEST_ID = /^[\w.-]{1,64}$/u;
/** The whole HTTP service as a function of its context. */
export function createApp(context) {
    const { logger } = context;
    const metrics = createMetrics(context);
    const app = new Hono({ strict: true });
    app.use(async function observe(c, next) {
        const given = c.req.header('x-request-id');
        const requestId = given !== undefined && REQUEST_ID.test(given) ? given : uuidv7();
        c.set('requestId', requestId);
        c.header('X-Request-Id', requestId);
        const started = performance.now();
        await next();
        if (!c.res.headers.has('Content-Security-Policy'))
            c.header('Content-Security-Policy', NO_CONTENT_POLICY);
        const duration = performance.now() - started;
        const route = matchedRoutes(c).findLast(({ path }) => path !== '/*')?.path ?? 'unknown';
        metrics.observe(route, c.req.method, c.res.status, duration / 1000);
        logger.info({ requestId, method: c.req.method, route, status: c.res.status, duration_ms: Math.round(duration) }, 'request');
    });
    // TLS, and with it HSTS, belongs to the proxy in front.
    app.use(secureHeaders({ referrerPolicy: 'no-referrer', strictTransportSecurity: false }));
    app.use(bodyLimit({
        maxSize: MAX_BODY_BYTES,
        onError: (c) => sendProblem(c, new AppError('payload_too_large', 'The body may have at most 1 MiB.')),
    }));
    const authorize = requireKey(context.config);
    app.use((c, next) => (OPEN_PATHS.has(c.req.path) ? next() : authorize(c, next)));
    const api = newApp();
    for (const routes of [healthRoutes(context, metrics), classifyRoutes(context), feedbackRoutes(context)])
        api.route('/', routes);
    app.route('/', api);
    app.route('/', documentRoutes(api));
    const methodsOf = listMethods(app);
    app.notFound((c) => {
        const allowed = methodsOf(c.req.path);
        if (allowed.length === 0)
            return sendProblem(c, new AppError('not_found', 'There is nothing at this path. See /docs for what there is.'));
        c.header('Allow', allowed.join(', '));
        return sendProblem(c, new AppError('method_not_allowed', `This path takes ${allowed.join(', ')}.`));
    });
    app.onError((error, c) => {
        const answer = sendProblem(c, error);
        if (answer.status === 500)
            logger.error({ err: error, requestId: c.get('requestId') }, 'request failed');
        return answer;
    });
    return app;
}
/** Tells which methods a path has, for the 405 of those it has not (RFC 9110, 15.5.6). */
function listMethods(app) {
    const routes = app.routes
        .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
        .map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll(/:\w+/gu, '[^/]+')}$`, 'u') }));
    return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
//# sourceMappingURL=app.js.map