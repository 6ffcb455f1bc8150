import { z } from 'zod';
import type { Vault } from './vault.ts';

const sealedSchema = z.object({ text: z.string() });

/** What a row keeps of a text beside its masked form: the original, sealed for the row’s id, where something was masked. */
export interface SealedColumns {
  readonly key_id: string | null;
  readonly sealed: Uint8Array | null;
}

export function sealText(vault: Vault, id: string, text: string, isMasked: boolean): SealedColumns {
  return isMasked ? { key_id: vault.keyId, sealed: vault.seal(id, { text }) } : { key_id: null, sealed: null };
}

/** The text as it was written. @throws AppError `bad_configuration` when it cannot be opened */
export function openText(
  vault: Vault,
  { id, body, sealed }: { readonly id: string; readonly body: string; readonly sealed: Uint8Array | null },
): string {
  return sealed === null ? body : sealedSchema.parse(vault.open(id, sealed)).text;
}
