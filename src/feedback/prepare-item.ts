import type { Insertable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import type { CustomerTable, DecisionTable, FeedbackTable, FeedbackVectorTable, PiiVaultTable } from '../db/tables.ts';
import { asVector } from '../db/vector.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import { maskedFields } from '../triage/document.ts';
import type { CustomerFacts } from '../triage/facts.ts';
import { listNext } from '../triage/lifecycle.ts';
import { redact } from '../triage/redact.ts';
import { deriveReviewValue } from '../triage/review-value.ts';
import type { Actor } from './actor.ts';
import { type AuditFacts, auditEntry, FIRST_HASH } from './audit-entry.ts';
import type { Classified } from './classify.ts';
import { firstSweep } from './deadline-columns.ts';
import { decidedColumns } from './decided-columns.ts';
import { decisionRow } from './decision-row.ts';
import { isReviewSample } from './review-sample.ts';
import { maskNames, safeName } from './safe-name.ts';
import { type FeedbackView, type Submitted, UNTOUCHED } from './view.ts';

/** All rows of a new item, ready to be stored, and the answer that tells of them. */
export interface PreparedItem {
  readonly feedback: Omit<Insertable<FeedbackTable>, 'customer_id'>;
  readonly customer: Insertable<CustomerTable> | undefined;
  readonly vector: Insertable<FeedbackVectorTable>;
  readonly decision: Insertable<DecisionTable>;
  readonly sealed: Insertable<PiiVaultTable> | undefined;
  readonly audit: ReturnType<typeof auditEntry>;
  readonly event: { readonly at: Date; readonly event: string; readonly subject_id: string; readonly payload: string };
  readonly submitted: Submitted;
}

/** Builds the rows; personal data stays out of all but the sealed one. */
export function prepareItem(
  context: Context,
  request: FeedbackRequest,
  classified: Classified,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): PreparedItem {
  const { decision, document, embedding, receivedAt } = classified;
  const safe = maskRequest(context, request);
  const kept = decisionRow(id, decision, { actor, at: receivedAt });
  const view = viewOf(request, classified, safe, id);
  const { status, type, priority, queue } = view;
  const change = { status, type, priority, queue, decision_id: kept.id };
  const facts: AuditFacts = {
    at: receivedAt,
    actor,
    action: 'feedback.created',
    subjectKind: 'feedback',
    subjectId: id,
    change,
  };
  return {
    feedback: {
      ...rowOf(view, kept.id),
      ...firstSweep(context, decision.versions.sla, {
        priority,
        receivedAt,
        facts: { tier: safe.customer.tier, queue },
      }),
      review_value: deriveReviewValue(decision),
      review_sample: isReviewSample(id, context.config.REVIEW_SAMPLE_PERCENT),
    },
    customer:
      safe.customer.ref === undefined ? undefined : newCustomer(safe.customer.ref, safe.customer.tier, receivedAt),
    vector: {
      feedback_id: id,
      model_hash: context.encoder.info.hash,
      embedding: asVector(embedding.vector),
      created_at: receivedAt,
    },
    decision: kept,
    sealed: sealOriginal(context, id, request, safe, document.redactions.length > 0),
    audit: auditEntry(facts, FIRST_HASH),
    event: { at: receivedAt, event: 'feedback.created', subject_id: id, payload: JSON.stringify(change) },
    submitted: { ...view, decision },
  };
}

/** The item as the API will show it. */
function viewOf(
  request: FeedbackRequest,
  { decision, document, receivedAt }: Classified,
  safe: SafeFields,
  id: string,
): FeedbackView {
  const masked = maskedFields(document);
  const received = receivedAt.toISOString();
  const status = decision.needs_review.yes ? 'prioritised' : 'assigned';
  return {
    id,
    status,
    next: listNext(status, 'person'),
    received_at: received,
    happened_at: request.happened_at ? new Date(request.happened_at).toISOString() : null,
    updated_at: received,
    version: 1,
    channel: request.channel,
    source: safe.source,
    external_id: safe.external_id,
    subject: request.subject === undefined ? null : masked.subject,
    text: masked.text,
    rating: request.rating ?? null,
    metadata: safe.metadata,
    customer: safe.customer,
    language: decision.language,
    ...decidedColumns(decision),
    ...UNTOUCHED,
  };
}

function rowOf(
  { text, customer, metadata, next: _, ...view }: FeedbackView,
  decisionId: string,
): PreparedItem['feedback'] {
  return {
    ...view,
    body: text,
    customer_facts: JSON.stringify(customer),
    metadata: JSON.stringify(metadata),
    decision_id: decisionId,
  };
}

interface SafeFields {
  readonly metadata: NonNullable<FeedbackRequest['metadata']>;
  readonly customer: CustomerFacts;
  readonly source: string;
  readonly external_id: string | null;
}

/** Metadata and tier with personal data masked; names that are themselves personal data become pseudonyms. */
function maskRequest(context: Context, request: FeedbackRequest): SafeFields {
  const metadata = Object.fromEntries(
    maskNames(Object.entries(request.metadata ?? {})).map(([name, value]) => [name, maskValue(value)]),
  );
  const { ref, tier, email: _, ...rest } = request.customer ?? {};
  const safe = (name: string) => safeName(context.vault, name);
  return {
    metadata,
    customer: {
      ...rest,
      ...(ref !== undefined && { ref: safe(ref) }),
      ...(tier !== undefined && { tier: mask(tier) }),
    },
    source: safe(request.source),
    external_id: request.external_id === undefined ? null : safe(request.external_id),
  };
}

function mask(text: string): string {
  return redact(text).masked.text;
}

/** A phone or card number may come as a JSON number; other numbers stay what they are. */
function maskValue<T>(value: T): T | string {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const plain = String(value);
  const masked = mask(plain);
  return masked === plain ? value : masked;
}

function newCustomer(ref: string, tier: string | undefined, at: Date): Insertable<CustomerTable> {
  return { id: uuidv7(), ref, tier: tier ?? null, created_at: at, updated_at: at };
}

function sealOriginal(
  context: Context,
  id: string,
  request: FeedbackRequest,
  safe: SafeFields,
  isMasked: boolean,
): Insertable<PiiVaultTable> | undefined {
  const { subject, text, metadata = {}, customer = {}, source, external_id = null } = request;
  const stored = JSON.stringify([safe.metadata, safe.source, safe.external_id, safe.customer.ref, safe.customer.tier]);
  const changed = isMasked || stored !== JSON.stringify([metadata, source, external_id, customer.ref, customer.tier]);
  const hasEmail = customer.email !== undefined;
  if (!changed && !hasEmail) return undefined;
  return {
    feedback_id: id,
    key_id: context.vault.keyId,
    has_email: hasEmail,
    sealed: context.vault.seal(id, { subject, text, metadata, customer, source, external_id }),
  };
}
