import type { Sample } from '../corpus.ts';
import type { HttpRequest } from './load.ts';

export function classifyRequest({ text }: Sample): HttpRequest {
  return { path: '/classify', body: { text, channel: 'chat' } };
}

let lastId = 0;

/** What a connector to a help desk sends: its own id, and who wrote. */
export function feedbackRequest({ text }: Sample): HttpRequest {
  lastId += 1;
  const external_id = `bench-${lastId}`;
  const customer = { ref: `bench-customer-${lastId % 100}`, tier: 'standard' };
  return { path: '/v1/feedback', body: { text, channel: 'chat', source: 'bench', external_id, customer } };
}
