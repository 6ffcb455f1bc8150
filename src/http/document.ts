import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Hono } from 'hono';
import { PROJECT_ROOT } from '../config.ts';
import { VERSION } from '../version.ts';
import { answer } from './answer.ts';
import type { HttpEnv } from './env.ts';
import type { App } from './openapi.ts';

const SCALAR = path.join(PROJECT_ROOT, 'vendor', 'scalar', 'standalone.js');
/** Scalar writes style attributes at run time; scripts come from this origin only. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
/** Nothing of the page may call its maker's services: fonts, telemetry, assistant, registry. */
const DOCS_SETTINGS = JSON.stringify({
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  showToolbar: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
}).replaceAll('"', '&quot;');
const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>feedback-triage API</title><link rel="icon" href="data:,"></head>
<body><noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script id="api-reference" data-url="/openapi.json" data-configuration="${DOCS_SETTINGS}" src="/docs/scalar.js"></script></body>
</html>
`;

/** The OpenAPI document, built once, and the page that shows it. */
export function documentRoutes(api: App): Hono<HttpEnv> {
  const document = JSON.stringify(buildDocument(api));
  const app = new Hono<HttpEnv>();
  app.get('/openapi.json', (c) => answer(c, document, 'application/json'));
  app.get('/docs', (c) => answer(c, PAGE, 'text/html; charset=UTF-8', 200, { 'Content-Security-Policy': DOCS_POLICY }));
  app.get('/docs/scalar.js', async (c) => {
    const script = await readFile(SCALAR);
    return answer(c, new Uint8Array(script), 'text/javascript; charset=utf-8', 200, {
      'Cache-Control': 'public, max-age=86400',
    });
  });
  return app;
}

export function buildDocument(api: App) {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of API_KEYS. Not needed where the service listens on loopback without keys.',
  });
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'feedback-triage',
      version: VERSION,
      description:
        'Reads customer feedback in Chinese and English and decides what happens next: type, topics, risk, priority, deadline and team, with reasons.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: [
      { name: 'Decisions', description: 'Decide without storing.' },
      { name: 'Feedback', description: 'Items that are kept and followed.' },
      { name: 'Lifecycle', description: 'The way of an item from receipt to closing.' },
      { name: 'Routing', description: 'Teams, queues, and who works on what.' },
      { name: 'Conversation', description: 'What people and customers add to an item, and how items belong together.' },
      { name: 'Clusters', description: 'Recurring issues, what people decide about them, and alerts of bursts.' },
      {
        name: 'Replies',
        description: 'Drafted replies: suggested with their sources, decided about by people, learned from.',
      },
      { name: 'Review', description: 'What people say about decisions, and what they should look at.' },
      { name: 'Models', description: 'Versions of what is learned from it.' },
      { name: 'Rules', description: 'Versions of the rules that decide flags and priorities.' },
      { name: 'Deadlines', description: 'What is promised, and the calendars by which it is counted.' },
      { name: 'Taxonomies', description: 'Label sets of your own.' },
      { name: 'Knowledge', description: 'Articles that answers quote, and the search among them.' },
      { name: 'Operation', description: 'For supervisors and monitoring.' },
    ],
  });
}
