import { z } from 'zod';
import { storable } from '../text/storable.ts';

const MAX_REMARK = 2_000;
const MAX_PERSON = 100;

/** What somebody writes for colleagues; to be masked before it is stored. */
export const remark = storable(z.string().min(1, 'must not be empty').max(MAX_REMARK));

/** Who acts, when the caller speaks for several people. */
export const person = storable(z.string().min(1, 'must not be empty').max(MAX_PERSON)).describe(
  'Who does it, when the caller speaks for several people.',
);
