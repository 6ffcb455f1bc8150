import type { Policy } from '../policy.ts';
import type { Decision } from '../triage/decision.ts';
import { SETTLED_NOTES } from '../triage/settled.ts';
import type { Bilingual, Label } from '../triage/taxonomy.ts';
import { printable } from './table.ts';
import { TEXT, type UiLanguage } from './text.ts';

/** Names of labels and queues in the reader's language. */
export function nameOf(
  labels: readonly { readonly key: string; readonly name: Bilingual }[],
  key: string,
  language: UiLanguage,
): string {
  return labels.find((label) => label.key === key)?.name[language] ?? key;
}

export function formatTime(iso: string | null, timeZone: string): string {
  if (iso === null) return '—';
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return parts.format(new Date(iso));
}

/** One decision for a person: what, how urgent, why, until when. */
export function describeDecision(decision: Decision, policy: Policy, timeZone: string, language: UiLanguage): string {
  const { taxonomy, routing } = policy;
  const say = (text: Bilingual) => text[language];
  const names = (labels: readonly Label[], keys: readonly string[]) =>
    keys.map((key) => nameOf(labels, key, language)).join(', ') || say(TEXT.none);
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const reasons = decision.urgency.reasons.map((reason) => {
    const quote = reason.quote === null ? '' : `  «${printable(reason.quote)}»`;
    return `    ${reason.points >= 0 ? '+' : ''}${reason.points}`.padEnd(10) + say(reason.note) + quote;
  });
  const rows: [Bilingual, string][] = [
    [TEXT.priority, `${decision.priority}  ${decision.priority_reasons.map(({ note }) => say(note)).join('; ')}`],
    [
      TEXT.type,
      `${nameOf(taxonomy.types, decision.type.key, language)} (${decision.type.confidence === null ? say(SETTLED_NOTES[decision.settled?.by ?? 'person']) : percent(decision.type.confidence)})`,
    ],
    [
      TEXT.topics,
      names(
        taxonomy.topics,
        decision.topics.map(({ key }) => key),
      ),
    ],
    [TEXT.flags, names(taxonomy.risk_flags, decision.risk_flags)],
    [TEXT.language, decision.language],
    [TEXT.queue, nameOf(routing.queues, decision.queue, language)],
    [
      TEXT.deadlines,
      `${say(TEXT.firstResponse)} ${formatTime(decision.deadlines.first_response_at, timeZone)}, ${say(TEXT.resolution)} ${formatTime(decision.deadlines.resolve_at, timeZone)} (${timeZone})`,
    ],
    [
      TEXT.needsReview,
      decision.needs_review.yes ? decision.needs_review.why.map(({ note }) => say(note)).join('; ') : say(TEXT.no),
    ],
    [TEXT.masked, decision.redactions.map(({ kind }) => kind).join(', ') || say(TEXT.none)],
    [
      TEXT.wouldChange,
      decision.counterfactual ? `${say(decision.counterfactual.change)} → ${decision.counterfactual.priority}` : '—',
    ],
    [TEXT.urgency, `${decision.urgency.score}/100`],
  ];
  return [...rows.map(([label, value]) => `${say(label)}: ${value}`), ...reasons].join('\n');
}
