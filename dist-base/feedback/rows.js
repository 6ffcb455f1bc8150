import { feedbackSchema } from './view.js';
/** A row of `feedback` as the API shows it. */
export function toView(row) {
    return feedbackSchema.parse({
        ...row,
        text: row.body,
        customer: row.customer_facts,
        received_at: row.received_at.toISOString(),
        happened_at: row.happened_at?.toISOString() ?? null,
        updated_at: row.updated_at.toISOString(),
        first_response_due_at: row.first_response_due_at.toISOString(),
        resolve_due_at: row.resolve_due_at?.toISOString() ?? null,
    });
}
//# sourceMappingURL=rows.js.map