const NOTES = {
    low_confidence: { zh: '类型把握不足，请人确认', en: 'The type is not certain enough; a person should confirm it' },
    unfamiliar: { zh: '内容与已知的例子都不相似', en: 'Unlike any example that is known' },
    no_words: { zh: '没有可供判断的文字', en: 'There are no words to judge by' },
    other_language: { zh: '使用了服务不支持的语言', en: 'Written in a language that the service does not cover' },
    person_required: { zh: '规则要求由人处理', en: 'A rule asks for a person' },
    rule_overrides_model: { zh: '规则与学习到的类型不一致', en: 'A rule and the learned type disagree' },
};
const COVERED_LANGUAGES = new Set(['zh', 'en', 'mixed', 'und']);
/** Whether a person should look, and every reason why. */
export function deriveReview(input) {
    const { document, prediction, outcome } = input;
    const hasWords = document.index.units.some((unit) => unit.kind === 'word' || unit.kind === 'han');
    const confidence = prediction.types.find(({ key }) => key === input.type)?.probability ?? 0;
    const checks = {
        no_words: !hasWords,
        low_confidence: hasWords && !input.isTypeRuled && confidence < prediction.typeThreshold,
        unfamiliar: hasWords && !prediction.isFamiliar,
        other_language: !COVERED_LANGUAGES.has(document.language),
        person_required: outcome.fired.some(({ rule }) => rule.then.review === true),
        rule_overrides_model: input.isTypeRuled,
    };
    const codes = Object.keys(NOTES).filter((code) => checks[code]);
    return { yes: codes.length > 0, why: codes.map((code) => ({ code, note: NOTES[code] })) };
}
//# sourceMappingURL=review.js.map