import { expect, test } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { type DraftsView, draftsSchema } from '../../src/replies/view.ts';
import { openTestService, TEST_VAULT_KEY, type TestService } from '../_util/context.ts';
import { makePgliteConfig, OPEN_TIMEOUT_MS, quiet, TEST_TIMEOUT_MS } from '../_util/db.ts';
import { Items } from '../_util/items.ts';

const MISSING = 'My withdrawal of 500 USDT has not arrived since 2 November, reference W20261110081240';
const WRITTEN = 'Transfers on that network are confirmed in batches, and the batch number is shown beside the status.';

/** A service on a folder that outlives it. */
async function openOn(config: Awaited<ReturnType<typeof makePgliteConfig>>['config']): Promise<TestService> {
  const database = await openDatabase({ config, logger: quiet });
  const close = () => database[Symbol.asyncDispose]();
  return await openTestService({ opened: { database, config, [Symbol.asyncDispose]: close } });
}

const draftFor = async (service: TestService): Promise<DraftsView> => {
  const items = new Items(service);
  return draftsSchema.parse(await items.done(await items.submit(MISSING, { channel: 'email' }), 'drafts', {}));
};
const ranking = ({ drafts }: DraftsView) => drafts.map(({ approach }) => approach);
const chanceOf = ({ drafts }: DraftsView, wanted: string) =>
  drafts.find(({ approach }) => approach === wanted)?.expected_acceptance ?? Number.NaN;

/** Twenty decisions of somebody who wants it short: the full reply is refused, the brief one taken, at times with an edit. */
async function decideTwenty(service: TestService): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const { drafts } = await draftFor(service);
    const of = (wanted: string) => drafts.find(({ approach }) => approach === wanted);
    const refused = await service.post(`/v1/drafts/${of('full')?.id}/reject`, { reason: 'too_long' });
    const [what, body] = round === 9 ? ['edit', { text: `${of('brief')?.text}\n${WRITTEN}` }] : ['accept', {}];
    const taken = await service.post(`/v1/drafts/${of('brief')?.id}/${what}`, body);
    expect([refused.status, taken.status]).toEqual([200, 200]);
  }
}

test('twenty decisions change the ranking, and a restart keeps it', {
  timeout: TEST_TIMEOUT_MS + OPEN_TIMEOUT_MS,
}, async () => {
  await using folder = await makePgliteConfig({ VAULT_KEY: TEST_VAULT_KEY });
  let learned: DraftsView;
  {
    await using service = await openOn(folder.config);
    const before = await draftFor(service);
    expect(ranking(before)[0]).toBe('full');
    await decideTwenty(service);
    learned = await draftFor(service);
    // At the end what was written into a reply is offered too, and what was refused ten times comes last.
    expect(ranking(learned)).toEqual(['brief', 'earlier', 'full']);
    expect(chanceOf(learned, 'brief')).toBeGreaterThan(chanceOf(before, 'brief') + 0.2);
  }
  await using restarted = await openOn(folder.config);
  const after = await draftFor(restarted);
  expect(ranking(after)).toEqual(ranking(learned));
  for (const { approach } of after.drafts) expect(chanceOf(after, approach)).toBe(chanceOf(learned, approach));
  // What was written into an earlier reply is offered again, with its source.
  const earlier = after.drafts.find(({ approach }) => approach === 'earlier');
  expect(earlier?.text).toContain(WRITTEN);
  expect(earlier?.sentences.find(({ text }) => text === WRITTEN)?.sources).toMatchObject([{ kind: 'reply' }]);
});
