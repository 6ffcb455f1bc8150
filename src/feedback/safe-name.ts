import { redact } from '../triage/redact.ts';
import type { Vault } from '../vault.ts';

/** A name as it may be stored: one that is itself personal data (an e-mail address as an id) becomes a pseudonym. */
export function safeName(vault: Vault, name: string): string {
  return redact(name).redactions.length > 0 ? vault.pseudonym(name) : name;
}
