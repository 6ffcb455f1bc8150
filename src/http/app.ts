import { Hono } from 'hono';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { createNudge } from '../jobs/nudge.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { TaxonomiesInForce } from '../taxonomies/in-force.ts';
import { requireKey } from './auth.ts';
import { documentRoutes } from './document.ts';
import type { HttpEnv, Serving } from './env.ts';
import { createMetrics } from './metrics.ts';
import { observe } from './observe.ts';
import { type App, newApp } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { agentRoutes } from './routes/agents.ts';
import { alertRoutes } from './routes/alerts.ts';
import { assignmentRoutes } from './routes/assignments.ts';
import { calendarRoutes } from './routes/calendars.ts';
import { classifyRoutes } from './routes/classify.ts';
import { clusterChangeRoutes } from './routes/cluster-changes.ts';
import { clusterFixRoutes } from './routes/cluster-fixes.ts';
import { clusterRoutes } from './routes/clusters.ts';
import { correctionRoutes } from './routes/corrections.ts';
import { draftEventRoutes } from './routes/draft-events.ts';
import { draftRoutes } from './routes/drafts.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { followUpRoutes } from './routes/follow-up.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { knowledgeRoutes } from './routes/knowledge.ts';
import { lifecycleRoutes } from './routes/lifecycle.ts';
import { linkRoutes } from './routes/links.ts';
import { mergeRoutes } from './routes/merge.ts';
import { messageRoutes } from './routes/messages.ts';
import { modelRoutes } from './routes/models.ts';
import { noteRoutes } from './routes/notes.ts';
import { policyRoutes } from './routes/policies.ts';
import { queueRoutes } from './routes/queues.ts';
import { reclusteringRoutes } from './routes/reclustering.ts';
import { replyReportRoutes } from './routes/reply-report.ts';
import { rulesRoutes } from './routes/rules.ts';
import { taxonomyRoutes } from './routes/taxonomies.ts';

/** Open without a key: nothing in them is about a customer. */
const OPEN_PATHS = new Set(['/livez', '/readyz', '/openapi.json', '/docs', '/docs/scalar.js']);

/** The whole HTTP service as a function of its context; `serving` tells when the process drains. */
export function createApp(context: Context, jobs: JobQueue, serving: Serving = { phase: 'ready' }): Hono<HttpEnv> {
  const { logger } = context;
  const metrics = createMetrics(context);
  const app = new Hono<HttpEnv>({ strict: true });
  app.use(observe({ logger, serving, metrics }));
  const authorize = requireKey(context.config);
  app.use((c, next) => (OPEN_PATHS.has(c.req.path) ? next() : authorize(c, next)));

  const api = newApp();
  for (const routes of [healthRoutes(context, metrics), ...listSlices(context, jobs)]) api.route('/', routes);
  app.route('/', api);
  app.route('/', documentRoutes(api));

  const methodsOf = listMethods(app);
  app.notFound((c) => {
    const allowed = methodsOf(c.req.path);
    if (allowed.length === 0)
      return sendProblem(c, new AppError('not_found', 'There is nothing at this path. See /docs for what there is.'));
    const Allow = allowed.join(', ');
    return sendProblem(c, new AppError('method_not_allowed', `This path takes ${Allow}.`), { Allow });
  });
  app.onError((error, c) => {
    const answer = sendProblem(c, error);
    if (answer.status === 500) logger.error({ err: error, requestId: c.get('requestId') }, 'request failed');
    return answer;
  });
  return app;
}

/** The operations, a router per subject; of two paths that fit the first answers. */
function listSlices(context: Context, jobs: JobQueue): App[] {
  const nudge = createNudge(jobs, 'routing.assign', context.logger);
  return [
    classifyRoutes(context, new TaxonomiesInForce(context)),
    // Before those with `{id}` in the place of `forgotten`.
    followUpRoutes(context),
    feedbackRoutes(context, nudge),
    correctionRoutes(context, jobs),
    lifecycleRoutes(context),
    queueRoutes(context),
    agentRoutes(context, nudge),
    assignmentRoutes(context, nudge),
    noteRoutes(context),
    linkRoutes(context),
    mergeRoutes(context),
    messageRoutes(context),
    historyRoutes(context),
    draftRoutes(context, jobs),
    draftEventRoutes(context),
    replyReportRoutes(context),
    knowledgeRoutes(context),
    modelRoutes(context, jobs),
    rulesRoutes(context),
    policyRoutes(context),
    calendarRoutes(context),
    taxonomyRoutes(context, jobs),
    // Before those with `{id}` in the place of `recluster`.
    reclusteringRoutes(context, jobs),
    clusterRoutes(context),
    clusterChangeRoutes(context),
    clusterFixRoutes(context),
    alertRoutes(context),
  ];
}

/** Tells which methods a path has, for the 405 of those it has not (RFC 9110, 15.5.6). */
function listMethods(app: Hono<HttpEnv>): (path: string) => string[] {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll(/:\w+/gu, '[^/]+')}$`, 'u') }));
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
