import type { Updateable } from 'kysely';
import { z } from 'zod';
import type { FeedbackTable } from '../../src/db/tables.ts';
import { submittedSchema } from '../../src/feedback/view.ts';
import { type AgentView, agentSchema } from '../../src/routing/agent.ts';
import { assignWaiting } from '../../src/routing/assign-waiting.ts';
import type { TestService } from './context.ts';

/** Sends JSON with any method. */
export async function send(
  service: TestService,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await service.request(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Adds an agent who is there, takes payments in both languages, and can carry 10. */
export async function addAgent(service: TestService, name: string, values: object = {}): Promise<AgentView> {
  const body = { name, languages: ['zh', 'en'], skills: ['payments'], capacity: 10, presence: 'available', ...values };
  const answer = await service.post('/v1/agents', body);
  return agentSchema.parse(await answer.json());
}

/** An item that lies in a queue and waits for somebody, whatever the heads say of its text. */
export async function addItem(
  service: TestService,
  text: string,
  set: Updateable<FeedbackTable> = {},
): Promise<string> {
  const { id } = submittedSchema.parse(await (await service.post('/v1/feedback', { text })).json());
  const waiting: Updateable<FeedbackTable> = {
    queue: 'payments',
    language: 'zh',
    priority: 'P3',
    status: 'assigned',
    needs_review: false,
  };
  await service.database.kysely
    .updateTable('feedback')
    .set({ ...waiting, ...set })
    .where('id', '=', id)
    .execute();
  return id;
}

/** A round of assignment, as the job does it. */
export async function assignAll(service: TestService): Promise<void> {
  while (await assignWaiting(service.context, AbortSignal.timeout(60_000)));
}

/** Who has an item. */
export async function assigneeOf(service: TestService, id: string): Promise<string | null> {
  const item = z.object({ assignee: z.string().nullable() });
  return item.parse(await (await service.request(`/v1/feedback/${id}`)).json()).assignee;
}

/** What the audit says of a subject, oldest first. */
export async function auditOf(service: TestService, subject: string) {
  return await service.database.kysely
    .selectFrom('audit')
    .select(['action', 'actor', 'change'])
    .where('subject_id', '=', subject)
    .orderBy('seq')
    .execute();
}

/** What listeners were told of a subject, oldest first. */
export async function eventsOf(service: TestService, subject: string): Promise<string[]> {
  const rows = await service.database.kysely
    .selectFrom('outbox')
    .select('event')
    .where('subject_id', '=', subject)
    .orderBy('seq')
    .execute();
  return rows.map(({ event }) => event);
}
