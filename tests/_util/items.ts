import { expect } from 'vitest';
import { type FeedbackDetail, feedbackDetailSchema, feedbackSchema } from '../../src/feedback/view.ts';
import type { TestService } from './context.ts';

/** Items of one service, seen and changed as its callers do. */
export class Items {
  readonly #service: TestService;

  constructor(service: TestService) {
    this.#service = service;
  }

  /** Submits a message and confirms the decision, so that the item is `assigned`, at version 2. */
  async submit(text: string, more: Record<string, unknown> = {}): Promise<string> {
    const response = await this.#service.post('/v1/feedback', { text, ...more });
    expect(response.status).toBe(201);
    const { id } = feedbackSchema.parse(await response.json());
    expect((await this.post(id, 'corrections', { confirm: true })).status).toBe(201);
    return id;
  }

  async post(id: string, what: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return await this.#service.post(`/v1/feedback/${id}/${what}`, body, headers);
  }

  /** Posts and expects it to be accepted. */
  async done(id: string, what: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await this.post(id, what, body);
    const answer = await response.json();
    expect({ ok: response.ok, answer }).toMatchObject({ ok: true });
    return answer as Record<string, unknown>;
  }

  async get<T = { items: Record<string, unknown>[]; next_cursor?: string | null }>(id: string, what: string) {
    const response = await this.#service.request(`/v1/feedback/${id}/${what}`);
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  }

  async look(id: string): Promise<FeedbackDetail> {
    return feedbackDetailSchema.parse(await (await this.#service.request(`/v1/feedback/${id}`)).json());
  }

  /** What the audit tells of an item, oldest first. */
  async audit(id: string) {
    return await this.#service.database.kysely
      .selectFrom('audit')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('seq')
      .execute();
  }

  async actions(id: string): Promise<string[]> {
    return (await this.audit(id)).map(({ action }) => action);
  }

  async events(id: string): Promise<string[]> {
    const rows = await this.#service.database.kysely
      .selectFrom('outbox')
      .select('event')
      .where('subject_id', '=', id)
      .orderBy('seq')
      .execute();
    return rows.map(({ event }) => event);
  }
}
