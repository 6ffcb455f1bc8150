import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replaySchema } from '../../src/feedback/replay.ts';
import { activatePolicy } from '../../src/policies/activate.ts';
import { contentVersion } from '../../src/policies/content-version.ts';
import { publishPolicy } from '../../src/policies/publish.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { OPEN_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { rulesDocument } from '../_util/rules-document.ts';

const OPERATOR = { kind: 'operator', command: 'test' } as const;
const CRACKED = rulesDocument('cracked: { when: { phrases: [cracked] }, then: { floor: P1, points: 40 } }');

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
}, OPEN_TIMEOUT_MS);
afterAll(() => service[Symbol.asyncDispose]());

interface Item {
  readonly priority: string;
  readonly decision: { readonly versions: Readonly<Record<string, string>> };
}
const submit = async (text: string) => {
  const item = (await (await service.post('/v1/feedback', { text })).json()) as Item & { id: string };
  const kept = await service.database.kysely
    .selectFrom('decision')
    .select('id')
    .where('feedback_id', '=', item.id)
    .executeTakeFirstOrThrow();
  return { ...item, decisionId: kept.id };
};
const replay = async (id: string) =>
  replaySchema.parse(await (await service.request(`/v1/decisions/${id}/replay`)).json());

describe('a decision is replayed by the rules of its time', { timeout: TEST_TIMEOUT_MS }, () => {
  test('whichever are in force now, in a process that never used them too', async () => {
    const { policy } = service.context;
    const shipped = policy.versions.rules;
    const before = await submit('The teapot arrived cracked, my withdrawal is missing');
    await publishPolicy(service.context, { kind: 'rules', document: CRACKED, parent: shipped }, OPERATOR);
    const meanwhile = await submit('The teapot arrived cracked');
    expect(meanwhile).toMatchObject({ priority: 'P1', decision: { versions: { rules: contentVersion(CRACKED) } } });
    expect(await replay(before.decisionId)).toMatchObject({ same: true, versions_differ: [] });
    await activatePolicy(service.context, 'rules', shipped, OPERATOR);
    expect(await replay(meanwhile.decisionId)).toMatchObject({
      same: true,
      differs_in: [],
      versions_differ: [],
      decision: { priority: 'P1' },
    });
  });

  test('and by those in force, said so, where they are no longer kept', async () => {
    const { decisionId } = await submit('The teapot arrived cracked');
    await sql`update decision set decision = jsonb_set(decision, '{versions,rules}', '"0123456789ab"')`.execute(
      service.database.kysely,
    );
    expect(await replay(decisionId)).toMatchObject({ same: true, versions_differ: ['rules'] });
  });

  test('one of before deadlines and routing had versions still reads', async () => {
    const { decisionId } = await submit('The teapot arrived cracked');
    await sql`update decision set decision = decision #- '{versions,sla}' #- '{versions,routing}'`.execute(
      service.database.kysely,
    );
    expect(await replay(decisionId)).toMatchObject({ same: true, versions_differ: [] });
  });
});
