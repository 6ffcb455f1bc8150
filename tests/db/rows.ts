import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../src/db/connect.ts';
import type { DecisionTable, FeedbackTable } from '../../src/db/tables.ts';
import { asVector } from '../../src/db/vector.ts';

const NOON = '2026-03-01T12:00:00.123Z';

export function feedbackRow(values: Partial<Insertable<FeedbackTable>> = {}): Insertable<FeedbackTable> {
  return {
    id: uuidv7(),
    received_at: NOON,
    channel: 'api',
    language: 'zh',
    body: '提现三天还没到账 🙏',
    metadata: JSON.stringify({ order: 17, vip: true, note: null }),
    customer_facts: JSON.stringify({ tier: 'gold' }),
    status: 'assigned',
    type: 'complaint',
    topics: ['withdrawal', 'with "quotes", and, commas', '费用\\'],
    risk_flags: [],
    urgency_score: 55,
    priority: 'P2',
    queue: 'payments',
    needs_review: false,
    first_response_due_at: NOON,
    decision_id: uuidv7(),
    updated_at: NOON,
    ...values,
  };
}

/** `count` items, each with everything that hangs on one. */
export async function insertItems(database: Database, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, () => feedbackRow());
  const ids = rows.map((row) => row.id);
  const { kysely } = database;
  await kysely.insertInto('feedback').values(rows).execute();
  await kysely
    .insertInto('feedback_vector')
    .values(
      ids.map((id, i) => ({ feedback_id: id, model_hash: 'm', embedding: asVector(direction(i)), created_at: NOON })),
    )
    .execute();
  await kysely
    .insertInto('decision')
    .values(ids.map((id) => decisionRow(id)))
    .execute();
  await kysely
    .insertInto('pii_vault')
    .values(ids.map((id) => ({ feedback_id: id, key_id: 'k1', sealed: createHash('sha256').update(id).digest() })))
    .execute();
  await kysely
    .insertInto('audit')
    .values(ids.map((id) => auditRow(id)))
    .execute();
  return ids;
}

/** A unit vector of 384 numbers; neighbours in `i` are neighbours in angle. */
export function direction(i: number): Float32Array {
  const vector = new Float32Array(384);
  vector[0] = Math.cos(i / 100);
  vector[383] = Math.sin(i / 100);
  return vector;
}

function decisionRow(id: string): Insertable<DecisionTable> {
  return {
    id: uuidv7(),
    feedback_id: id,
    created_at: NOON,
    actor: JSON.stringify({ kind: 'api_key', name: 'test' }),
    model_version: 'm',
    taxonomy_version: 't',
    rules_version: 'r',
    head_version: 'h',
    decision: JSON.stringify({ score: 0.1, big: 12345678901234567890n.toString(), list: [1, 'zwei'] }),
  };
}

function auditRow(id: string) {
  return {
    at: NOON,
    actor: JSON.stringify({ kind: 'job' }),
    action: 'submit',
    subject_kind: 'feedback',
    subject_id: id,
    change: JSON.stringify({}),
    prev_hash: '',
    hash: id,
  };
}
