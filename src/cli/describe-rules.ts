import type { Policy } from '../policy.ts';
import type { ChangeTotals, RuleChange } from '../rules/changes.ts';
import type { RuleExplanation } from '../triage/explain-rules.ts';
import type { Bilingual } from '../triage/taxonomy.ts';
import { describeDecision, nameOf } from './describe.ts';
import { printable, truncate } from './table.ts';
import { TEXT, type UiLanguage } from './text.ts';

/** Cells of a message in a list of changes. */
const TEXT_WIDTH = 100;
/** Labels of each kind that are shown, the likeliest first. */
const MAX_LABELS = 5;

/** What kept a rule from its effect, beside scopes. */
const SILENCERS = {
  unless: { zh: '例外', en: 'excepted' },
  condition: { zh: '缺少', en: 'missing' },
  ceiling: { zh: '受上限限制', en: 'capped' },
} as const satisfies Record<string, Bilingual>;

type Names = Pick<Policy, 'taxonomy' | 'routing'>;

/** How the rules came to a decision, for a person: a heading per step. */
export function describeExplanation(
  explanation: RuleExplanation,
  policy: Policy,
  timeZone: string,
  language: UiLanguage,
): string {
  const say = (text: Bilingual) => text[language];
  const { text, decision } = explanation;
  const sections: [Bilingual, readonly string[]][] = [
    [TEXT.normalized, [printable(text.normalized)]],
    [TEXT.segments, [text.segments.map(printable).join(' | ')]],
    [
      TEXT.cues,
      explanation.cues.map(({ name, at, reach }) => `${quote(at)} ${say(name)} → ${reach.map(quote).join(' ')}`),
    ],
    [TEXT.fired, explanation.fired.map((fired) => describeFired(fired, language))],
    [
      TEXT.silenced,
      explanation.silenced.map(({ rule, note, quotes, by }) => {
        const reasons = by.map((reason) => {
          if (reason.kind === 'scope') return `${quote(reason.cue)} ${say(reason.note)}`;
          return `${say(SILENCERS[reason.kind])}: ${say(reason.note)}`;
        });
        return `${rule}: ${say(note)} ${quotes.map(quote).join(' ')}\n      ← ${reasons.join('; ')}`;
      }),
    ],
    [TEXT.learned, describeLearned(explanation.learned, policy, language)],
    [
      TEXT.amounts,
      explanation.amounts.map(
        ({ at, amount, currency, usd_per_unit, amount_usd }) =>
          `${quote(at)} ${amount} ${currency} × ${usd_per_unit ?? '?'} = ${amount_usd} USD`,
      ),
    ],
  ];
  const none = [say(TEXT.none)];
  const lines = sections.flatMap(([title, rows]) => [
    `${say(title)}:`,
    ...(rows.length > 0 ? rows : none).map((row) => `  ${row}`),
  ]);
  return [...lines, '', describeDecision(decision, policy, timeZone, language)].join('\n');
}

/** One message and what other rules change about it. */
export function describeChange(
  { line, text, change }: { readonly line: number; readonly text: string; readonly change: RuleChange },
  { taxonomy, routing }: Names,
  language: UiLanguage,
): string {
  const turn = (title: Bilingual, part: { from: unknown; to: unknown } | null, name = (key: string) => key) =>
    part === null ? [] : [`${title[language]} ${name(String(part.from))} → ${name(String(part.to))}`];
  const list = (sign: string, title: Bilingual, names: readonly string[]) =>
    names.length === 0 ? [] : [`${title[language]} ${names.map((one) => sign + one).join(' ')}`];
  const parts = [
    ...turn(TEXT.priority, change.priority),
    ...turn(TEXT.score, change.score),
    ...turn(TEXT.type, change.type, (key) => nameOf(taxonomy.types, key, language)),
    ...turn(TEXT.queue, change.queue, (key) => nameOf(routing.queues, key, language)),
    ...list('+', TEXT.flags, change.flags_added),
    ...list('−', TEXT.flags, change.flags_removed),
    ...list('+', TEXT.rules, change.rules_added),
    ...list('−', TEXT.rules, change.rules_removed),
  ];
  return `${TEXT.line[language]} ${line}: ${truncate(printable(text), TEXT_WIDTH)}\n    ${parts.join(' · ')}`;
}

export function describeTotals({ items, changed, priorities }: ChangeTotals, language: UiLanguage): string {
  const moves = priorities.map(({ from, to, items: count }) => `${from} → ${to}: ${count}`);
  const head = `${TEXT.changed[language]}: ${changed} / ${items}`;
  return moves.length === 0 ? head : `${head}\n${TEXT.byPriority[language]}: ${moves.join(' · ')}`;
}

function describeFired(
  { rule, note, quotes, points, counted }: RuleExplanation['fired'][number],
  language: UiLanguage,
): string {
  const sum = counted === points ? signed(points) : `${signed(counted)} (${signed(points)})`;
  return `${sum.padEnd(6)} ${rule}: ${note[language]} ${quotes.map(quote).join(' ')}`.trimEnd();
}

function describeLearned(learned: RuleExplanation['learned'], policy: Names, language: UiLanguage): string[] {
  const { types, topics, risk_flags } = policy.taxonomy;
  const show = (title: Bilingual, found: typeof learned.types, labels: typeof types) =>
    `${title[language]}: ${found
      .slice(0, MAX_LABELS)
      .map(({ key, probability }) => `${nameOf(labels, key, language)} ${probability.toFixed(3)}`)
      .join(' · ')}`;
  return [
    show(TEXT.type, learned.types, types),
    show(TEXT.topics, learned.topics, topics),
    show(TEXT.flags, learned.flags, risk_flags),
  ];
}

function quote({ quote: words }: { readonly quote: string }): string {
  return `«${printable(words)}»`;
}

function signed(points: number): string {
  return points >= 0 ? `+${points}` : String(points);
}
