import { z } from 'zod';
import { type Share, share } from '../learning/metrics.ts';
import { redact } from '../triage/redact.ts';
import { REDACTION_KINDS, type RedactionKind } from '../triage/redact-kinds.ts';
import { readLabelledFile } from './labelled-file.ts';

/** Names that public sets have for our kinds. */
const OTHER_NAMES: Readonly<Record<string, RedactionKind>> = {
  EMAIL_ADDRESS: 'email',
  CREDIT_CARD: 'card',
  PHONE_NUMBER: 'phone',
  IBAN_CODE: 'iban',
  CRYPTO: 'wallet',
  PASSPORT: 'passport',
  US_PASSPORT: 'passport',
};
const CONTEXT = 40;

const spanSchema = z
  .object({ kind: z.string(), start: z.int().min(0), end: z.int().min(1) })
  .refine(({ start, end }) => start < end, { error: 'must end behind its start', path: ['end'] });

/** One line of a set: a text and what in it is personal. Offsets count characters (code points). */
export const markedTextSchema = z.object({ text: z.string(), spans: z.array(spanSchema).default([]) });
export type MarkedText = z.infer<typeof markedTextSchema>;

export interface KindScore {
  /** Of the marked spans, those that a mask of any kind touches: nothing of them is stored or shown in clear. */
  readonly recall: Share;
  /** Of the masks of this kind, those that touch a marked span of any of our kinds. */
  readonly precision: Share;
}

export interface RedactionEvaluation {
  readonly texts: number;
  readonly kinds: Readonly<Partial<Record<RedactionKind, KindScore>>>;
  readonly all: KindScore;
  readonly misses: readonly Mistake[];
  readonly falseAlarms: readonly Mistake[];
}

export interface Mistake {
  readonly kind: RedactionKind;
  /** The words and some before them. */
  readonly text: string;
}

/** @throws AppError `file_error` naming the first line that does not fit */
export async function readMarkedTexts(file: string): Promise<MarkedText[]> {
  return readLabelledFile(file, markedTextSchema);
}

interface Place {
  readonly kind: RedactionKind;
  readonly start: number;
  readonly end: number;
}

/** Masks every text and compares with what is marked. Marks of kinds that are not ours are passed over. */
export function evaluateRedaction(items: readonly MarkedText[]): RedactionEvaluation {
  const wanted: { kind: RedactionKind; found: boolean }[] = [];
  const given: { kind: RedactionKind; right: boolean }[] = [];
  const misses: Mistake[] = [];
  const falseAlarms: Mistake[] = [];
  for (const item of items) {
    const marks = marksOf(item);
    const masks: readonly Place[] = redact(item.text).redactions;
    for (const mark of marks) {
      const found = masks.some((mask) => touches(mask, mark));
      wanted.push({ kind: mark.kind, found });
      if (!found) misses.push(toMistake(item.text, mark));
    }
    for (const mask of masks) {
      const right = marks.some((mark) => touches(mask, mark));
      given.push({ kind: mask.kind, right });
      if (!right) falseAlarms.push(toMistake(item.text, mask));
    }
  }
  const scoreOf = (isMeant: (kind: RedactionKind) => boolean): KindScore => {
    const meant = wanted.filter(({ kind }) => isMeant(kind));
    const masked = given.filter(({ kind }) => isMeant(kind));
    return {
      recall: share(meant.filter(({ found }) => found).length, meant.length),
      precision: share(masked.filter(({ right }) => right).length, masked.length),
    };
  };
  const present = REDACTION_KINDS.filter((kind) => [...wanted, ...given].some((other) => other.kind === kind));
  const kinds = Object.fromEntries(present.map((kind) => [kind, scoreOf((other) => other === kind)]));
  return { texts: items.length, kinds, all: scoreOf(() => true), misses, falseAlarms };
}

/** The marks of our kinds, in UTF-16 code units. */
function marksOf({ text, spans }: MarkedText): Place[] {
  const characters = Array.from(text);
  const toUnits = (position: number) => characters.slice(0, position).join('').length;
  return spans.flatMap(({ kind: name, start, end }) => {
    const kind = REDACTION_KINDS.find((known) => known === name) ?? OTHER_NAMES[name];
    return kind === undefined ? [] : [{ kind, start: toUnits(start), end: toUnits(end) }];
  });
}

const touches = (one: Place, other: Place) => one.start < other.end && other.start < one.end;

function toMistake(text: string, { kind, start, end }: Place): Mistake {
  return { kind, text: text.slice(Math.max(0, start - CONTEXT), end) };
}
