/** The languages that the service speaks. */
export type MainLanguage = 'zh' | 'en';

/**
 * The language in which a message is compared and answered: Chinese for Chinese, also with English words in it, because
 * who writes so writes Chinese; English for all else.
 *
 * @param language `zh`, `en`, `mixed` or another ISO 639 code
 */
export function mainLanguageOf(language: string): MainLanguage {
  return language === 'zh' || language === 'mixed' ? 'zh' : 'en';
}
