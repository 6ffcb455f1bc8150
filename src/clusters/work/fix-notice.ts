import { z } from 'zod';
import { mainLanguageOf } from '../../text/main-language.ts';
import { bilingualSchema } from '../../triage/taxonomy.ts';

const isComplete = (text: string) => text.includes('{title}') && text.includes('{version}');

/** `data/fix-notice.yaml`: what customers are told when something that they reported is fixed. */
export const fixNoticeSchema = z.strictObject({
  version: z.string().min(1),
  notice: bilingualSchema.refine(
    ({ zh, en }) => isComplete(zh) && isComplete(en),
    'must say {title} and {version} in both languages',
  ),
});
export type FixNoticeTexts = z.infer<typeof fixNoticeSchema>;

/** The notice for a customer who writes in `language`: Chinese and what is mixed with it in Chinese, all else in English. */
export function draftNotice(
  { notice }: FixNoticeTexts,
  language: string,
  { title, version }: { readonly title: { readonly zh: string; readonly en: string }; readonly version: string },
): string {
  const own = mainLanguageOf(language);
  const values: Readonly<Record<string, string>> = { title: title[own], version };
  return notice[own].replace(/\{(title|version)\}/gu, (_, name: string) => values[name] ?? '');
}
