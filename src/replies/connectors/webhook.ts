import { createHmac } from 'node:crypto';
import type { Connector, OutgoingReply } from './connector.ts';

const TIMEOUT_MS = 10_000;

/** Posts replies to REPLY_WEBHOOK_URL; a repeat is known by its `Idempotency-Key`. What it answers is not read. */
export const webhook: Connector = {
  setting: 'REPLY_WEBHOOK_URL',
  needsEmail: false,
  channel: undefined,
  async send({ config }, reply, signal) {
    const { REPLY_WEBHOOK_URL: url, REPLY_WEBHOOK_SECRET: secret } = config;
    if (url === undefined) return { reason: 'REPLY_WEBHOOK_URL is not set', permanent: false };
    const body = JSON.stringify(toBody(reply));
    const signature = secret && { 'X-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': reply.id, ...signature };
    try {
      const response = await fetch(url, {
        ...{ method: 'POST', headers, body, redirect: 'error' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok ? undefined : { reason: `status ${response.status}`, permanent: false };
    } catch (error) {
      return { reason: error instanceof Error ? error.name : 'unreachable', permanent: false };
    }
  },
};

function toBody({ id, kind, feedbackId, text, item }: OutgoingReply) {
  const { channel, language, source, externalId, customerRef } = item;
  return {
    ...{ id, kind, feedback_id: feedbackId, text },
    ...{ channel, language, source, external_id: externalId, customer_ref: customerRef },
  };
}
