import { v7 as uuidv7 } from 'uuid';
import { asVector } from '../db/vector.js';
import { maskedFields } from '../triage/document.js';
import { redact } from '../triage/redact.js';
import { auditEntry, FIRST_HASH } from './audit-entry.js';
import { safeName } from './safe-name.js';
/** Builds the rows; personal data stays out of all but the sealed one. */
export function prepareItem(context, request, classified, { id, actor }) {
    const { decision, document, embedding, receivedAt } = classified;
    const safe = maskRequest(context, request);
    const decisionId = uuidv7();
    const view = viewOf(request, classified, safe, id);
    const { status, type, priority, queue } = view;
    const change = { status, type, priority, queue, decision_id: decisionId };
    const facts = {
        at: receivedAt,
        actor,
        action: 'feedback.created',
        subjectKind: 'feedback',
        subjectId: id,
        change,
    };
    return {
        feedback: rowOf(view, decisionId),
        customer: safe.customer.ref === undefined ? undefined : newCustomer(safe.customer.ref, safe.customer.tier, receivedAt),
        vector: {
            feedback_id: id,
            model_hash: context.encoder.info.hash,
            embedding: asVector(embedding.vector),
            created_at: receivedAt,
        },
        decision: decisionRow(decisionId, id, actor, classified),
        sealed: sealOriginal(context, id, request, safe, document.redactions.length > 0),
        audit: auditEntry(facts, FIRST_HASH),
        event: { at: receivedAt, event: 'feedback.created', subject_id: id, payload: JSON.stringify(change) },
        submitted: { ...view, decision },
    };
}
/** The item as the API will show it. */
function viewOf(request, { decision, document, receivedAt }, safe, id) {
    const masked = maskedFields(document);
    const received = receivedAt.toISOString();
    return {
        id,
        status: decision.needs_review.yes ? 'prioritised' : 'assigned',
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
        type: decision.type.key,
        topics: decision.topics.map(({ key }) => key),
        risk_flags: decision.risk_flags,
        urgency_score: decision.urgency.score,
        priority: decision.priority,
        queue: decision.queue,
        needs_review: decision.needs_review.yes,
        first_response_due_at: decision.deadlines.first_response_at,
        resolve_due_at: decision.deadlines.resolve_at,
    };
}
function rowOf({ text, customer, metadata, ...view }, decisionId) {
    return {
        ...view,
        body: text,
        customer_facts: JSON.stringify(customer),
        metadata: JSON.stringify(metadata),
        decision_id: decisionId,
    };
}
/** Metadata and tier with personal data masked; names that are themselves personal data become pseudonyms. */
function maskRequest(context, request) {
    const metadata = Object.fromEntries(Object.entries(request.metadata ?? {}).map(([key, value]) => [mask(key), maskValue(value)]));
    const { ref, tier, ...rest } = request.customer ?? {};
    const safe = (name) => safeName(context.vault, name);
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
function mask(text) {
    return redact(text).masked.text;
}
/** A phone or card number may come as a JSON number; other numbers stay what they are. */
function maskValue(value) {
    if (typeof value !== 'string' && typeof value !== 'number')
        return value;
    const plain = String(value);
    const masked = mask(plain);
    return masked === plain ? value : masked;
}
function newCustomer(ref, tier, at) {
    return { id: uuidv7(), ref, tier: tier ?? null, created_at: at, updated_at: at };
}
function decisionRow(id, feedbackId, actor, { decision, receivedAt }) {
    const { model, taxonomy, rules, head } = decision.versions;
    return {
        id,
        feedback_id: feedbackId,
        created_at: receivedAt,
        actor: JSON.stringify(actor),
        model_version: model,
        taxonomy_version: taxonomy,
        rules_version: rules,
        head_version: head,
        decision: JSON.stringify(decision),
    };
}
function sealOriginal(context, id, request, safe, isMasked) {
    const { subject, text, metadata = {}, customer = {}, source, external_id = null } = request;
    const stored = JSON.stringify([safe.metadata, safe.source, safe.external_id, safe.customer.ref, safe.customer.tier]);
    const changed = isMasked || stored !== JSON.stringify([metadata, source, external_id, customer.ref, customer.tier]);
    if (!changed)
        return undefined;
    return {
        feedback_id: id,
        key_id: context.vault.keyId,
        sealed: context.vault.seal(id, { subject, text, metadata, customer, source, external_id }),
    };
}
//# sourceMappingURL=prepare-item.js.map