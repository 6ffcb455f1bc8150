import { afterAll, beforeAll, expect, test } from 'vitest';
import { feedbackDetailSchema } from '../../src/feedback/view.ts';
import { labelNoiseSchema } from '../../src/learning/label-noise.ts';
import { modelQualitySchema } from '../../src/learning/model-quality.ts';
import { openTestService, type TestService } from '../_util/context.ts';
import { describeOnEngines, OPEN_TIMEOUT_MS } from '../_util/db.ts';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const DAY_MS = 86_400_000;

describeOnEngines('the quality of decisions', (engine) => {
  let service: TestService;
  let now = NOW;
  beforeAll(async () => {
    service = await openTestService({
      engine,
      settings: { REVIEW_SAMPLE_PERCENT: '100' },
      now: () => new Date(now),
    });
  }, OPEN_TIMEOUT_MS);
  afterAll(() => service[Symbol.asyncDispose]());

  const submit = async (text: string) => {
    const response = await service.post('/v1/feedback', { text });
    expect(response.status).toBe(201);
    return feedbackDetailSchema.omit({ decisions: true }).parse(await response.json());
  };
  const correct = async (id: string, body: object) => {
    expect((await service.post(`/v1/feedback/${id}/corrections`, body)).status).toBe(201);
  };
  const look = async () => {
    const response = await service.request('/v1/models/quality');
    expect(response.status).toBe(200);
    return modelQualitySchema.parse(await response.json());
  };

  test('of topics and risk flags is told per label and language, by the word of people about these alone', async () => {
    now = NOW - 10 * DAY_MS;
    const wrong = await submit('有人盗了我的账户，钱被转走了');
    const right = await submit('My account was hacked and my coins were stolen');
    const unsaid = await submit('我的密码被骗子改了，账户被盗');
    for (const { risk_flags } of [wrong, right, unsaid]) expect(risk_flags).toContain('security_compromise');
    now = NOW;
    const missed = await submit('The new layout is fine by me');
    await correct(wrong.id, { risk_flags: ['vulnerable'], topics: ['education'] });
    await correct(right.id, { risk_flags: right.risk_flags });
    await correct(unsaid.id, { priority: 'P1' });
    await correct(missed.id, { risk_flags: ['media_threat'], topics: [] });
    const { risk_flags, topics, drift } = await look();
    expect(risk_flags.override_rate).toMatchObject({ n: 3, value: 2 / 3 });
    expect(risk_flags.by_language).toMatchObject({
      zh: { override_rate: { n: 1, value: 1 } },
      en: { override_rate: { n: 2, value: 0.5 } },
    });
    const { security_compromise, vulnerable, media_threat } = risk_flags.by_label;
    expect(security_compromise).toMatchObject({
      removed: { n: 2, value: 0.5 },
      added: { n: 1, value: 0 },
      by_language: { zh: { removed: { n: 1, value: 1 } }, en: { removed: { n: 1, value: 0 } } },
    });
    for (const label of [vulnerable, media_threat])
      expect(label).toMatchObject({ removed: { n: 0 }, added: { n: 1, value: 1 } });
    expect(topics.override_rate.n).toBe(2);
    expect(topics.by_label.education).toMatchObject({ added: { n: 1, value: 1 } });
    const sure = [wrong, right, missed].filter((item) => !item.needs_review).length;
    expect(risk_flags.confident_error.n).toBe(sure);

    expect(drift.zh?.risk_flags.labels.vulnerable).toEqual({ now: 0, before: 0.5 });
    expect(drift.en?.risk_flags.labels).toMatchObject({
      media_threat: { now: 1, before: 0 },
      security_compromise: { now: 0, before: 1 },
    });
    expect(drift.en?.risk_flags.population_stability_index).toBeGreaterThan(0.25);
  });
  test('labels that contradict their neighbours are found in items too that no version learned from, in every field', async () => {
    const same = { type: 'praise', topics: ['education'], risk_flags: [] };
    const odd = { type: 'question', topics: ['deposit', 'education'], risk_flags: ['churn'] };
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) ids.push((await submit(`vortiq plimsa dorrin wexel lesson number ${n}`)).id);
    for (const id of ids) await correct(id, same);
    const { id } = await submit('vortiq plimsa dorrin wexel lesson number 5');
    await correct(id, odd);
    const response = await service.request('/v1/models/label-noise');
    expect(response.status).toBe(200);
    const { suspicious } = labelNoiseSchema.parse(await response.json());
    const own = suspicious.filter((one) => one.id === id);
    expect(own.map(({ field, labels, neighbours_say }) => [field, labels, neighbours_say]).sort()).toEqual([
      ['risk_flags', ['churn'], []],
      ['topics', ['deposit', 'education'], ['education']],
      ['type', ['question'], ['praise']],
    ]);
    for (const { neighbours } of own) for (const neighbour of neighbours) expect(ids).toContain(neighbour);
    expect(suspicious.filter((one) => ids.includes(one.id))).toEqual([]);
  });
});
