import { findPhrase, type PhraseMatch, type UnitIndex } from '../text/phrases.ts';
import type { Unit } from '../text/units.ts';
import { SENTENCE_ENDS } from '../text/units.ts';
import { SCOPES, type Scope, type ScopeLexicon } from './rules.ts';

/** The cues of each scope that stand in one text. */
export type ScopeCues = Readonly<Record<Scope, readonly PhraseMatch[]>>;

/** Finds all scope cues of a text; those that are absorbed ("not resolved") are left out. */
export function findCues(lexicon: ScopeLexicon, index: UnitIndex): ScopeCues {
  const absorbers = lexicon.absorbers.flatMap((phrase) => findPhrase(phrase, index));
  const isAbsorbed = (cue: PhraseMatch) =>
    absorbers.some((absorber) => absorber.firstUnit >= cue.endUnit && absorber.firstUnit - cue.endUnit <= 1);
  const cues = {} as Record<Scope, PhraseMatch[]>;
  for (const scope of SCOPES) {
    const found = (lexicon.cues[scope]?.phrases ?? []).flatMap((phrase) => findPhrase(phrase, index));
    cues[scope] = scope === 'negated' ? found.filter((cue) => !isAbsorbed(cue)) : found;
  }
  return cues;
}

/** The first scope of `scopes` that takes the match out of force, with its cue. */
export function findScope(
  match: PhraseMatch,
  scopes: readonly Scope[],
  cues: ScopeCues,
  lexicon: ScopeLexicon,
  index: UnitIndex,
): { scope: Scope; cue: PhraseMatch } | undefined {
  for (const scope of scopes) {
    for (const cue of cues[scope]) {
      if (governs(cue, match, scope, lexicon, index)) return { scope, cue };
    }
  }
  return undefined;
}

function governs(cue: PhraseMatch, match: PhraseMatch, scope: Scope, lexicon: ScopeLexicon, index: UnitIndex): boolean {
  const settings = lexicon.cues[scope];
  if (settings === undefined) return false;
  const inGap = match.skipped.some(([from, to]) => cue.firstUnit >= from && cue.endUnit <= to);
  if (inGap && settings.voided_by === undefined) return true;
  const isBefore = cue.endUnit <= match.firstUnit;
  if (!isBefore && (settings.side === 'before' || cue.firstUnit < match.endUnit)) return false;
  const [from, to] = isBefore ? [cue.endUnit, match.firstUnit] : [match.endUnit, cue.firstUnit];
  if (to - from > settings.within) return false;
  const between = index.units.slice(from, to);
  if (settings.reach === 'clause' && between.some(endsClause)) return false;
  if (settings.reach === 'sentence' && between.some((unit) => unit.kind === 'stop' && SENTENCE_ENDS.has(unit.form)))
    return false;
  const voiding = settings.voided_by ?? [];
  const end = isBefore ? match.endUnit : cue.firstUnit;
  return !voiding.some((phrase) =>
    findPhrase(phrase, index).some((hit) => hit.firstUnit >= from && hit.endUnit <= end),
  );
}

/** Words after which a clause takes a new turn, beside the stops. */
const TURNS = new Set(['but', 'howev', 'though', '但']);

function endsClause(unit: Unit): boolean {
  return unit.kind === 'stop' || TURNS.has(unit.stem);
}
