import { redact } from '../triage/redact.ts';
import type { Vault } from '../vault.ts';

/** A name as it may be stored: one that is itself personal data (an e-mail address as an id) becomes a pseudonym. */
export function safeName(vault: Vault, name: string): string {
  return redact(name).redactions.length > 0 ? vault.pseudonym(name) : name;
}

/** Entries with their names masked. Names that become the same are numbered, so that none replaces another. */
export function maskNames<T>(entries: readonly (readonly [string, T])[]): [string, T][] {
  // What is not masked keeps its name, wherever it stands.
  const taken = new Set(entries.map(([name]) => name).filter((name) => mask(name) === name));
  return entries.map(([name, value]) => {
    const masked = mask(name);
    if (masked === name) return [name, value];
    const free = firstFree(masked, taken);
    taken.add(free);
    return [free, value];
  });
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count++) {
    const numbered = `${name} (${count})`;
    if (!taken.has(numbered)) return numbered;
  }
}

function mask(text: string): string {
  return redact(text).masked.text;
}
