import { DETAIL_EXAMPLE, PAGE_EXAMPLE } from './answer-examples.ts';
import { CORRECTION_EXAMPLES } from './examples.ts';

const CREATED = '2026-11-02T08:30:00.000Z';
const share = (value: number, low: number, high: number, n: number) => ({ value, low, high, n });
const decided = { topics: ['withdrawal'], risk_flags: ['funds_at_risk'], priority: 'P2' };

const CORRECTION = {
  id: '01a20162-9c11-7d20-8a5e-2b7c4d9e0f11',
  created_at: CREATED,
  actor: { kind: 'api_key', name: 'crm' },
  by: CORRECTION_EXAMPLES.correct.value.by,
  machine: { type: 'service_complaint', ...decided },
  before: { type: 'service_complaint', ...decided },
  after: { type: 'technical_issue', ...decided },
  note: CORRECTION_EXAMPLES.correct.value.note,
};

export const REVIEW_EXAMPLE = {
  items: PAGE_EXAMPLE.items.map((item) => ({ ...item, review_value: 0.41, reason: 'uncertain' })),
};

export const CORRECTED_EXAMPLE = { correction: CORRECTION, item: DETAIL_EXAMPLE };

export const CORRECTIONS_EXAMPLE = { items: [CORRECTION] };

export const REPLAY_EXAMPLE = {
  decision_id: DETAIL_EXAMPLE.decisions[0]?.id,
  same: true,
  differs_in: [],
  versions_differ: [],
  decision: DETAIL_EXAMPLE.decision,
};

export const MODEL_EXAMPLE = {
  version: '3f9a1c07b2de',
  created_at: CREATED,
  active: true,
  pinned: false,
  parent: '8147a8f2eebb',
  outcome: 'promoted',
  seeds: 3_640,
  corrections: 212,
  encoder: 'a896a4db4aeb',
  taxonomy: '4c38c2c9f3b6',
  examples: '9b1f0c6d2e77',
  report: { held_out: 51, promoted: true, why: [] },
};

export const MODELS_EXAMPLE = { items: [MODEL_EXAMPLE] };

const TRAINING = {
  status: 'running',
  stopping: false,
  progress: { done: 12, total: 31 },
  started_at: CREATED,
  asked_by: { kind: 'api_key', name: 'crm' },
  followed: false,
};

export const TRAINING_EXAMPLES = {
  running: TRAINING,
  stopping: { ...TRAINING, stopping: true },
  waiting: { ...TRAINING, status: 'waiting', progress: null, started_at: null },
};

export const FILE_EXAMPLE =
  'feedback-triage-model 1\n5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\n…';

const MEMBERS = {
  override_rate: share(0.09, 0.06, 0.131, 250),
  confident_error: share(0.04, 0.011, 0.135, 50),
  by_language: {
    zh: { override_rate: share(0.08, 0.046, 0.137, 150), confident_error: share(0.033, 0.006, 0.167, 30) },
  },
};
const LABEL = { removed: share(0.05, 0.014, 0.165, 40), added: share(0.095, 0.038, 0.221, 42) };
const member = (key: string) => ({
  ...MEMBERS,
  by_label: { [key]: { ...LABEL, confident_error: share(0.1, 0.018, 0.404, 10), by_language: { zh: LABEL } } },
});
const shift = (key: string) => ({ population_stability_index: 0.02, labels: { [key]: { now: 0.21, before: 0.18 } } });

export const QUALITY_EXAMPLE = {
  version: MODEL_EXAMPLE.version,
  override_rate: share(0.12, 0.087, 0.163, 266),
  by_type: { technical_issue: share(0.07, 0.035, 0.135, 100) },
  by_language: { zh: share(0.11, 0.07, 0.168, 154) },
  confident_error: share(0.02, 0.004, 0.105, 50),
  confident_error_by_type: { technical_issue: share(0, 0, 0.161, 20) },
  confident_error_by_language: { zh: share(0.033, 0.006, 0.167, 30) },
  topics: member('withdrawal'),
  risk_flags: member('funds_at_risk'),
  drift: {
    zh: {
      items: 412,
      population_stability_index: 0.04,
      types: { technical_issue: { now: 0.41, before: 0.36 } },
      topics: shift('withdrawal'),
      risk_flags: shift('funds_at_risk'),
    },
  },
};

export const LABEL_NOISE_EXAMPLE = {
  version: MODEL_EXAMPLE.version,
  examples: 3_852,
  suspicious: [
    {
      id: 'q-017',
      field: 'type',
      labels: ['question'],
      neighbours_say: ['feature_suggestion'],
      text: '为什么没有夜间模式',
      similarity: 0.684,
      neighbours: ['f-004', 'f-120', 'f-311'],
    },
  ],
};
