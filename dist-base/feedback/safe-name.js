import { redact } from '../triage/redact.js';
/** A name as it may be stored: one that is itself personal data (an e-mail address as an id) becomes a pseudonym. */
export function safeName(vault, name) {
    return redact(name).redactions.length > 0 ? vault.pseudonym(name) : name;
}
//# sourceMappingURL=safe-name.js.map