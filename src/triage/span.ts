import { z } from 'zod';

/** A place in what was sent. */
export const spanShape = {
  field: z.enum(['subject', 'text']).describe('Which of the two texts the offsets are in.'),
  start: z.int().min(0).describe('First UTF-16 code unit of the span in the text as it was sent.'),
  end: z.int().min(0).describe('One past its last UTF-16 code unit.'),
};
