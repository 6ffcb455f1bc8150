import { submittedSchema } from '../../src/feedback/view.ts';
import type { TestService } from './context.ts';

/** Ways to say that a matter is there; each makes another text of the same words. */
const ENGLISH = ['today', 'again', 'since monday', 'on my phone', 'this morning', 'for two days', 'please help', 'why'];
const CHINESE = ['今天', '又', '从周一开始', '手机上', '早上', '两天了', '请帮忙', '为什么'];

/** The text of the nth report of a matter. */
export function wording(matter: string, at: number): string {
  const more = /\p{Script=Han}/u.test(matter) ? CHINESE : ENGLISH;
  return `${matter} ${more[at % more.length]}`;
}

/** Sends a report and gives the item as it was answered. */
export async function report(service: TestService, text: string, ref?: string, more: object = {}) {
  const answer = await service.post('/v1/feedback', { text, ...(ref && { customer: { ref } }), ...more });
  return submittedSchema.parse(await answer.json());
}

/** The cluster that an item is in. */
export async function clusterOf(service: TestService, id: string): Promise<string | undefined> {
  const row = await service.database.kysely
    .selectFrom('cluster_member')
    .select('cluster_id')
    .where('feedback_id', '=', id)
    .executeTakeFirst();
  return row?.cluster_id;
}

/** The cluster that there is, with all of its columns. */
export async function rowOf(service: TestService, id: string | undefined) {
  return await service.database.kysely
    .selectFrom('cluster')
    .selectAll()
    .where('id', '=', id ?? '')
    .executeTakeFirstOrThrow();
}
