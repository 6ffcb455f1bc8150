import { visibleText } from '../text/storable.ts';

const MAX_REMARK = 2_000;
const MAX_PERSON = 100;

/** What somebody writes for colleagues; to be masked before it is stored. */
export const remark = visibleText(MAX_REMARK);

/** Who acts, when the caller speaks for several people. */
export const person = visibleText(MAX_PERSON).describe('Who does it, when the caller speaks for several people.');
