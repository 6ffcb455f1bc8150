import { createHash } from 'node:crypto';
/** What the chain of an item begins with. */
export const FIRST_HASH = '0'.repeat(64);
/**
 * An entry whose hash covers its content and the entry before it on the same subject. One chain per subject, so that
 * writers of different items never wait for one another; the subject's `version` counts its entries.
 */
export function auditEntry(facts, prevHash) {
    const { at, actor, action, subjectKind, subjectId, change } = facts;
    const content = JSON.stringify([at.toISOString(), actor, action, subjectKind, subjectId, change]);
    return {
        at,
        actor: JSON.stringify(actor),
        action,
        subject_kind: subjectKind,
        subject_id: subjectId,
        change: JSON.stringify(change),
        prev_hash: prevHash,
        hash: createHash('sha256').update(prevHash).update(content).digest('hex'),
    };
}
//# sourceMappingURL=audit-entry.js.map