import type { Decision } from './decision.ts';
import type { Document } from './document.ts';
import type { RuleOutcome } from './evaluate-rules.ts';
import type { Prediction } from './prediction.ts';
import { isJudged, type Settled } from './settled.ts';
import type { Bilingual } from './taxonomy.ts';

/** Why a person should look, by code. */
export const REVIEW_NOTES = {
  low_confidence: { zh: '类型把握不足，请人确认', en: 'The type is not certain enough; a person should confirm it' },
  unfamiliar: { zh: '内容与已知的例子都不相似', en: 'Unlike any example that is known' },
  no_words: { zh: '没有可供判断的文字', en: 'There are no words to judge by' },
  other_language: { zh: '使用了服务不支持的语言', en: 'Written in a language that the service does not cover' },
  person_required: { zh: '规则要求由人处理', en: 'A rule asks for a person' },
  rule_overrides_model: { zh: '规则与学习到的类型不一致', en: 'A rule and the learned type disagree' },
} as const satisfies Record<string, Bilingual>;

const COVERED_LANGUAGES = new Set(['zh', 'en', 'mixed', 'und']);

export interface ReviewInput {
  readonly document: Document;
  readonly prediction: Prediction;
  readonly type: string;
  readonly outcome: RuleOutcome;
  readonly isTypeRuled: boolean;
  readonly settled?: Settled | undefined;
}

/** Whether a person should look, and every reason why. */
export function deriveReview(input: ReviewInput): Decision['needs_review'] {
  const { document, prediction, outcome, settled } = input;
  if (isJudged(settled)) return { yes: false, why: [] };
  const isTypeSettled = settled?.values.type !== undefined;
  const hasWords = hasLetters(document);
  const confidence = prediction.types.find(({ key }) => key === input.type)?.probability ?? 0;
  const checks: Record<keyof typeof REVIEW_NOTES, boolean> = {
    no_words: !hasWords,
    low_confidence: hasWords && !input.isTypeRuled && !isTypeSettled && confidence < prediction.typeThreshold,
    unfamiliar: hasWords && !prediction.isFamiliar,
    other_language: !isCovered(document),
    person_required: outcome.fired.some(({ rule }) => rule.then.review === true),
    rule_overrides_model: input.isTypeRuled && !isTypeSettled,
  };
  const codes = (Object.keys(REVIEW_NOTES) as (keyof typeof REVIEW_NOTES)[]).filter((code) => checks[code]);
  return { yes: codes.length > 0, why: codes.map((code) => ({ code, note: REVIEW_NOTES[code] })) };
}

/** Whether there is anything to judge by. */
export function hasLetters({ index }: Document): boolean {
  return index.units.some((unit) => unit.kind === 'word' || unit.kind === 'han');
}

/** Whether it is written in what the service reads. */
export function isCovered({ language }: Document): boolean {
  return COVERED_LANGUAGES.has(language);
}
