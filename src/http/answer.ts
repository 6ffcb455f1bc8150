import type { Context as HonoContext } from 'hono';
import type { HttpEnv } from './env.ts';

/**
 * What every answer carries, so that a browser does not guess, frame, run or share it. TLS, and with it HSTS, belongs
 * to the proxy in front.
 */
const FIXED_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-XSS-Protection': '0',
};

/**
 * Every answer of the service is made here. Its headers are one plain object: the server writes that as it is, where
 * `c.header` and `c.json` would build and sort a `Headers` of the Fetch standard per answer.
 */
export function answer(
  c: HonoContext<HttpEnv>,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  type: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const own: Record<string, string> = { ...FIXED_HEADERS, 'X-Request-Id': c.get('requestId'), 'Content-Type': type };
  if (c.get('serving').phase === 'draining') own.Connection = 'close';
  return new Response(body, { status, headers: { ...own, ...headers } });
}

/** A value as JSON. */
export function answerJson(
  c: HonoContext<HttpEnv>,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answer(c, JSON.stringify(value), 'application/json', status, headers);
}
