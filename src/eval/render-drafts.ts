import { NONE_REASONS } from '../replies/suggest.ts';
import type { DraftEvaluation, DraftedItem } from './drafts.ts';
import { percent } from './render-triage.ts';

/** The drafts of an evaluation as a page to read. */
export function renderDrafts({ drafted, ...figures }: DraftEvaluation): string {
  const { zh, en } = figures.sentence_length;
  return [
    '# Drafted replies to the samples',
    '',
    'Made by `npm run eval -- drafts data/samples/feedback.jsonl --markdown docs/examples/drafts.md`: every suggestion',
    'for every message of `data/samples`, as an agent would see it, without an LLM. Deadlines count from',
    '23 November 2026, 10:00 (UTC+8).',
    '',
    `${figures.items} messages, ${percent(figures.with_draft)} with a draft; ${percent(figures.cited)} of the sentences name their`,
    `source; ${percent(figures.language_match)} in the customer’s language; a sentence has ${zh.toFixed(0)} characters in Chinese and`,
    `${en.toFixed(0)} words in English.`,
    '',
    ...drafted.flatMap(renderItem),
  ].join('\n');
}

function renderItem(item: DraftedItem): string[] {
  const flags = item.risk_flags.length > 0 ? ` · ${item.risk_flags.join(', ')}` : '';
  const none = item.none === null ? undefined : NONE_REASONS[item.none as keyof typeof NONE_REASONS].en;
  return [
    `## ${item.id}`,
    '',
    `${item.type} · ${item.priority}${flags}${item.situation === null ? '' : ` · ${item.situation}`}`,
    '',
    ...quote(item.text),
    '',
    ...(none === undefined ? [] : [`No suggestion: ${none}.`, '']),
    ...(none !== undefined && item.articles[0] ? [`Nearest article: ${item.articles[0].title}`, ''] : []),
    ...item.drafts.flatMap(({ approach, medium, text, sentences }, index) => [
      `**${index + 1}. ${approach}** (${medium})`,
      '',
      '```text',
      text,
      '```',
      '',
      `Sources: ${[...new Set(sentences.flatMap(({ sources }) => sources.map(nameOf)))].join(' · ')}`,
      '',
    ]),
  ];
}

function nameOf(source: DraftedItem['drafts'][number]['sentences'][number]['sources'][number]): string {
  switch (source.kind) {
    case 'template':
      return `\`${source.id}\``;
    case 'article':
      return `“${source.title}” (${source.version})`;
    case 'reply':
      return `earlier reply ${source.draft_id}`;
    case 'fact':
      return `${source.fact.kind}: ${source.fact.text}`;
    case 'deadline':
      return `deadline ${source.at}`;
    case 'person':
      return source.by ?? 'a person';
    default:
      return source satisfies never;
  }
}

function quote(text: string): string[] {
  return text.split('\n').map((line) => `> ${line.replace(/([<>`*_[\]#|])/gu, '\\$1')}`.trimEnd());
}
