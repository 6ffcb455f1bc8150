import { randomUUID } from 'node:crypto';
import type { Sample } from '../corpus.ts';
import type { HttpRequest } from './load.ts';

const CUSTOMERS = 100;

export function classifyRequest({ text }: Sample): HttpRequest {
  return { path: '/classify', body: { text, channel: 'chat' } };
}

/** What a connector to a help desk sends: its own id, and who wrote. */
export function feedbackRequest({ text, ids }: Sample): HttpRequest {
  const customer = { ref: `bench-customer-${ids.length % CUSTOMERS}`, tier: 'standard' };
  return {
    path: '/v1/feedback',
    body: { text, channel: 'chat', source: 'bench', external_id: randomUUID(), customer },
  };
}
