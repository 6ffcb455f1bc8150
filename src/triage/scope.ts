import { type FoundPhrases, placesOf } from '../text/phrase-table.ts';
import type { PhraseMatch, UnitIndex } from '../text/phrases.ts';
import type { Unit } from '../text/units.ts';
import { SENTENCE_ENDS } from '../text/units.ts';
import { type CueGroup, SCOPES, type Scope, type ScopeLexicon } from './rules.ts';

/** The cues of one group that stand in one text, and what voids them. */
interface Cues {
  readonly group: CueGroup;
  readonly byStart: readonly PhraseMatch[];
  readonly byEnd: readonly PhraseMatch[];
  /** By start. */
  readonly voiding: readonly PhraseMatch[];
}
export type ScopeCues = Readonly<Record<Scope, readonly Cues[]>>;

/** Finds all scope cues of a text; those that are absorbed ("not resolved") are left out. */
export function findCues(lexicon: ScopeLexicon, found: FoundPhrases): ScopeCues {
  const cues = {} as Record<Scope, readonly Cues[]>;
  for (const scope of SCOPES) cues[scope] = (lexicon.cues[scope] ?? []).map((group) => findGroup(group, found));
  return cues;
}

function findGroup(group: CueGroup, found: FoundPhrases): Cues {
  const find = (phrases: CueGroup['phrases'] = []) => placesOf(found, phrases);
  const absorbers = new Set(find(group.absorbed_by).map(({ firstUnit }) => firstUnit));
  const free = find(group.phrases).filter(({ endUnit }) => !absorbers.has(endUnit) && !absorbers.has(endUnit + 1));
  const byFirst = (left: PhraseMatch, right: PhraseMatch) => left.firstUnit - right.firstUnit;
  return {
    group,
    byStart: [...free].sort(byFirst),
    byEnd: [...free].sort((left, right) => left.endUnit - right.endUnit),
    voiding: find(group.voided_by).sort(byFirst),
  };
}

/** The first scope of `scopes` that takes the match out of force, with its cue. */
export function findScope(
  match: PhraseMatch,
  scopes: readonly Scope[],
  cues: ScopeCues,
  index: UnitIndex,
): { scope: Scope; cue: PhraseMatch } | undefined {
  for (const scope of scopes) {
    for (const group of cues[scope]) {
      const cue = governingCue(match, group, index);
      if (cue !== undefined) return { scope, cue };
    }
  }
  return undefined;
}

/** Only the nearest cue of each side is asked: what stands between it and the match stands behind farther ones too. */
function governingCue(match: PhraseMatch, { group, byStart, byEnd, voiding }: Cues, index: UnitIndex) {
  if (group.voided_by === undefined) {
    const inGap = findInGaps(match, byStart);
    if (inGap !== undefined) return inGap;
  }
  const isVoided = (from: number, to: number) => findInside(voiding, from, to) !== undefined;
  if (group.side !== 'after') {
    const before = overlapping(match, byStart) ?? byEnd[countBelow(byEnd, match.firstUnit + 1, endOf) - 1];
    if (before && reaches(group, before.endUnit, match.firstUnit, index) && !isVoided(before.endUnit, match.endUnit))
      return before;
    if (group.side === 'before') return undefined;
  }
  const after = byStart[countBelow(byStart, match.endUnit, ({ firstUnit }) => firstUnit)];
  if (after && reaches(group, match.endUnit, after.firstUnit, index) && !isVoided(match.endUnit, after.firstUnit))
    return after;
  return undefined;
}

const endOf = ({ endUnit }: PhraseMatch) => endUnit;

/** A cue that begins before the match and ends in it: 没有 before 有持仓. */
function overlapping(match: PhraseMatch, byStart: readonly PhraseMatch[]): PhraseMatch | undefined {
  const cue = byStart[countBelow(byStart, match.firstUnit, ({ firstUnit }) => firstUnit) - 1];
  return cue !== undefined && cue.endUnit > match.firstUnit && cue.endUnit <= match.endUnit ? cue : undefined;
}

function findInGaps(match: PhraseMatch, byStart: readonly PhraseMatch[]): PhraseMatch | undefined {
  for (const [from, to] of match.skipped) {
    const hit = findInside(byStart, from, to);
    if (hit !== undefined) return hit;
  }
  return undefined;
}

/** The first of the matches, sorted by start, that stands wholly in `[from, to)`. */
function findInside(byStart: readonly PhraseMatch[], from: number, to: number): PhraseMatch | undefined {
  for (let at = countBelow(byStart, from, ({ firstUnit }) => firstUnit); at < byStart.length; at++) {
    const hit = byStart[at];
    if (hit === undefined || hit.firstUnit >= to) return undefined;
    if (hit.endUnit <= to) return hit;
  }
  return undefined;
}

/** How many of the matches, sorted by `position`, have it below `limit`. */
function countBelow(sorted: readonly PhraseMatch[], limit: number, position: (match: PhraseMatch) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const match = sorted[middle];
    if (match !== undefined && position(match) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function reaches(group: CueGroup, from: number, to: number, index: UnitIndex): boolean {
  if (to - from > group.within) return false;
  const between = index.units.slice(from, to);
  if (group.reach === 'clause') return !between.some(endsClause);
  return group.reach === 'text' || !between.some(endsSentence);
}

/** Words after which a clause takes a new turn, beside the stops; 没通知我就扣了 denies the notice, not what follows. */
const TURNS = new Set(['but', 'howev', 'though', 'becaus', '但', '就', '却']);
/** Words that end what was said before them altogether: "not sure if this is the place, but my account was hacked". */
const ENDS = new Set(['but', 'howev', '但']);

function endsSentence({ kind, form, stem }: Unit): boolean {
  return ENDS.has(stem) || (kind === 'stop' && SENTENCE_ENDS.has(form));
}

function endsClause(unit: Unit): boolean {
  return unit.kind === 'stop' || TURNS.has(unit.stem);
}
