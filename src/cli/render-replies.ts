import { REWORDING_FAILURES } from '../replies/llm/failures.ts';
import type { ReplyReport, ReportGroup, ReportSource } from '../replies/report/schema.ts';
import type { ReportedShare } from '../replies/report/share.ts';
import { REJECT_WORDS, REPORT_WORDS, type ReportWord } from '../replies/report/words.ts';
import { NONE_REASONS } from '../replies/suggest.ts';
import { markdownTable } from '../text/markdown-table.ts';
import type { UiLanguage } from './text.ts';

type Say = (word: ReportWord) => string;

/** The report of replies as Markdown. */
export function renderReplyReport(report: ReplyReport, language: UiLanguage): string {
  const say: Say = (word) => REPORT_WORDS[word][language];
  const [all] = report.groups;
  const day = (moment: string) => moment.slice(0, 16).replace('T', ' ');
  return [
    `# ${say('title')}`,
    '',
    `${day(report.from)} – ${day(report.to)} (UTC). ${say('few').replace('{n}', String(report.too_few_below))}`,
    ...section(say('decisions'), decisionsOf(report.groups, say)),
    ...section(say('reasons'), all ? reasonsOf(all.reasons, REJECT_WORDS, language, say) : []),
    ...section(say('sets'), setsOf(report.groups, say)),
    ...section(say('none'), all?.sets ? reasonsOf(all.sets.reasons, NONE_REASONS, language, say) : []),
    ...section(say('answers'), answersOf(report.groups, say)),
    ...section(say('weak'), report.weak.length > 0 ? sourcesOf(report.weak, say) : [say('nothing')]),
    ...section(say('sources'), sourcesOf(report.sources, say)),
    ...section(say('wordings'), wordingsOf(report, say)),
    ...section(say('guards'), guardsOf(report, say)),
    ...section(say('model'), modelOf(report, language, say)),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function decisionsOf(groups: readonly ReportGroup[], say: Say): string[] {
  const titles = ['group', 'offered', 'accepted', 'edited', 'rejected', 'changed', 'seconds'] as const;
  const rows = groups
    .filter(({ offered }) => offered > 0)
    .map((group) => [
      nameOf(group, say),
      String(group.offered),
      ...[group.accepted, group.edited, group.rejected].map(shareText),
      group.mean_changed === null ? '–' : percent(group.mean_changed),
      group.median_seconds === null ? '–' : String(Math.round(group.median_seconds)),
    ]);
  return table(titles.map(say), rows);
}

function setsOf(groups: readonly ReportGroup[], say: Say): string[] {
  const rows = groups.flatMap((group) =>
    group.sets === null || group.sets.made === 0
      ? []
      : [
          [
            nameOf(group, say),
            String(group.sets.made),
            shareText(group.sets.without_draft),
            shareText(group.sets.used),
          ],
        ],
  );
  return table([say('group'), say('made'), say('without'), say('used')], rows);
}

function answersOf(groups: readonly ReportGroup[], say: Say): string[] {
  const rows = groups.flatMap((group) =>
    (group.answers ?? []).map(({ way, items, rated, mean_score, reopened }) => [
      ...[nameOf(group, say), say(way), String(items), String(rated)],
      ...[mean_score === null ? '–' : mean_score.toFixed(2), shareText(reopened)],
    ]),
  );
  return table([say('group'), say('way'), say('items'), say('rated'), say('score'), say('reopened')], rows);
}

function sourcesOf(sources: readonly ReportSource[], say: Say): string[] {
  const titles = ['source', 'language', 'offered', 'accepted', 'edited', 'rejected'] as const;
  const rows = sources.map(({ kind, id, title, language, offered, ...shares }) => [
    ...[kind === 'article' ? `${title ?? ''} \`${id}\`` : `\`${id}\``, language, String(offered)],
    ...[shares.accepted, shares.edited, shares.rejected].map(shareText),
  ]);
  return table(titles.map(say), rows);
}

/** Those that are clearly worse first. */
function wordingsOf({ wordings }: ReplyReport, say: Say): string[] {
  const titles = ['source', 'wording', 'language', 'approach', 'offered', 'accepted', 'rejected', 'isWeak'] as const;
  const rows = wordings
    .toSorted((left, right) => Number(right.is_weak) - Number(left.is_weak))
    .map(({ id, wording, language, approach, offered, accepted, rejected, is_weak }) => [
      ...[`\`${id}\``, wording, language, approach, String(offered)],
      ...[shareText(accepted), shareText(rejected), is_weak ? say('yes') : '–'],
    ]);
  return table(titles.map(say), rows);
}

function guardsOf({ guards }: ReplyReport, say: Say): string[] {
  const rows = guards.map(({ guard, withheld, withheld_from_model, warned }) => [
    ...[`\`${guard}\``, String(withheld), String(withheld_from_model), String(warned)],
  ]);
  return table([say('guard'), say('withheld'), say('withheldFromModel'), say('warned')], rows);
}

function modelOf({ model }: ReplyReport, language: UiLanguage, say: Say): string[] {
  if (model.outcomes.length === 0) return [];
  const words = { done: REPORT_WORDS.done, waiting: REPORT_WORDS.open, writing: REPORT_WORDS.open };
  const outcomes = model.outcomes.map(({ outcome, n }) => ({ reason: outcome, n }));
  const cost = model.cost === null ? [] : [`${say('cost')}: ${model.cost.toFixed(4)}`];
  return [
    ...reasonsOf(outcomes, { ...REWORDING_FAILURES, ...words }, language, say),
    '',
    `${say('tokens')}: ${model.prompt_tokens} + ${model.completion_tokens}`,
    ...(model.estimated > 0 ? ['', `${say('estimated')}: ${model.estimated}`] : []),
    ...cost.flatMap((line) => ['', line]),
  ];
}

function reasonsOf(
  reasons: readonly { readonly reason: string; readonly n: number }[],
  words: Readonly<Record<string, Readonly<Record<UiLanguage, string>>>>,
  language: UiLanguage,
  say: Say,
): string[] {
  const rows = reasons.map(({ reason, n }) => [words[reason]?.[language] ?? reason, String(n)]);
  return table([say('reason'), say('count')], rows);
}

function nameOf({ dimension, key }: ReportGroup, say: Say): string {
  return dimension === 'all' ? `**${say('all')}**` : `${say(dimension)}: ${key === '' ? '–' : key}`;
}

/** The share with its interval, or the counts alone where they are too few to say. */
function shareText({ count, of, share, low, high }: ReportedShare): string {
  if (share === null || low === null || high === null) return `${count} / ${of}`;
  return `${percent(share)} (${percent(low)} – ${percent(high)}; ${count} / ${of})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}

/** None without rows. Titles of articles are people’s: nothing in them ends a cell. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const inCell = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').replaceAll('|', '\\|');
  return rows.length === 0
    ? []
    : [
        markdownTable(
          titles.map(inCell),
          rows.map((cells) => cells.map(inCell)),
        ),
      ];
}
