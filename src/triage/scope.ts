import { type FoundPhrases, placesOf } from '../text/phrase-table.ts';
import type { PhraseMatch, Place, UnitIndex } from '../text/phrases.ts';
import type { Span } from '../text/tracked.ts';
import type { Unit } from '../text/units.ts';
import { SENTENCE_ENDS } from '../text/units.ts';
import { SCOPES, type Scope } from './conditions.ts';
import { findQuotations, type Quotation } from './quotations.ts';
import type { CueGroup, ScopeLexicon } from './rules.ts';

/** The cues of one group that stand in one text, and what voids them. */
interface Cues {
  readonly group: CueGroup;
  readonly byStart: readonly PhraseMatch[];
  readonly byEnd: readonly PhraseMatch[];
  /** By start. */
  readonly voiding: readonly PhraseMatch[];
}

/** What can take words of one text out of force. */
export interface ScopeCues {
  readonly groups: Readonly<Record<Scope, readonly Cues[]>>;
  /** Empty where the lexicon has no cues for them. */
  readonly quotations: readonly Quotation[];
}

/** What a scope is asked about: units of the text, and the gaps in them. */
type Extent = Pick<Place, 'firstUnit' | 'endUnit' | 'skipped'>;

/** Finds all scope cues of a text; those that are absorbed ("not resolved") are left out. */
export function findCues(lexicon: ScopeLexicon, found: FoundPhrases, { units }: UnitIndex): ScopeCues {
  const groups = {} as Record<Scope, readonly Cues[]>;
  for (const scope of SCOPES) groups[scope] = (lexicon.cues[scope] ?? []).map((group) => findGroup(group, found));
  const isQuoted = groups.quoted.some(({ byStart }) => byStart.length > 0);
  return { groups, quotations: isQuoted ? findQuotations(units) : [] };
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
  match: Extent,
  scopes: readonly Scope[],
  { groups, quotations }: ScopeCues,
  index: UnitIndex,
): { scope: Scope; cue: PhraseMatch } | undefined {
  for (const scope of scopes) {
    // Of a quotation it is said from outside whose words it holds.
    const extent = scope === 'quoted' ? quotationAround(match, quotations) : match;
    if (extent === undefined) continue;
    const voidedUpTo = scope === 'quoted' ? extent.firstUnit : extent.endUnit;
    for (const group of groups[scope]) {
      const cue = governingCue(extent, group, index, voidedUpTo);
      if (cue !== undefined) return { scope, cue };
    }
  }
  return undefined;
}

function quotationAround({ firstUnit, endUnit }: Extent, quotations: readonly Quotation[]): Extent | undefined {
  const quotation = quotations[countBelow(quotations, firstUnit, ({ open }) => open) - 1];
  if (quotation === undefined || endUnit > quotation.close) return undefined;
  return { firstUnit: quotation.open, endUnit: quotation.close + 1, skipped: [] };
}

/** Only the nearest cue of each side is asked: what stands between it and the match stands behind farther ones too. */
function governingCue(match: Extent, { group, byStart, byEnd, voiding }: Cues, index: UnitIndex, voidedUpTo: number) {
  if (group.voided_by === undefined) {
    const inGap = findInGaps(match, byStart);
    if (inGap !== undefined) return inGap;
  }
  const isVoided = (from: number, to: number) => findInside(voiding, from, to) !== undefined;
  if (group.side !== 'after') {
    const before = overlapping(match, byStart) ?? byEnd[countBelow(byEnd, match.firstUnit + 1, endOf) - 1];
    if (before && reaches(group, before.endUnit, match.firstUnit, index) && !isVoided(before.endUnit, voidedUpTo))
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
function overlapping(match: Extent, byStart: readonly PhraseMatch[]): PhraseMatch | undefined {
  const cue = byStart[countBelow(byStart, match.firstUnit, ({ firstUnit }) => firstUnit) - 1];
  return cue !== undefined && cue.endUnit > match.firstUnit && cue.endUnit <= match.endUnit ? cue : undefined;
}

function findInGaps(match: Extent, byStart: readonly PhraseMatch[]): PhraseMatch | undefined {
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

/** How many, sorted by `position`, have it below `limit`. */
function countBelow<T>(sorted: readonly T[], limit: number, position: (one: T) => number): number {
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

/** Words that open a scope, and how far on each side it may govern, in characters. */
export interface CueReach extends Span {
  readonly scope: Scope;
  readonly before: Span | undefined;
  readonly after: Span | undefined;
}

/** All cues of a text that open a scope, with what they reach, in the order of the text. */
export function listCues({ groups }: ScopeCues, index: UnitIndex): CueReach[] {
  const found = SCOPES.flatMap((scope) =>
    groups[scope].flatMap(({ group, byStart }) =>
      byStart.map(({ start, end, firstUnit, endUnit }) => ({
        scope,
        start,
        end,
        // A cue stands before what it governs, so it reaches what is behind it.
        before: group.side === 'before' ? undefined : stretch(group, firstUnit, -1, index),
        after: group.side === 'after' ? undefined : stretch(group, endUnit - 1, 1, index),
      })),
    ),
  );
  return found.sort((left, right) => left.start - right.start || left.end - right.end);
}

/** The units from the one beside `from` to the last that may be governed. */
function stretch(group: CueGroup, from: number, step: 1 | -1, { units }: UnitIndex): Span | undefined {
  let last = from;
  for (let at = from + step; Math.abs(at - from) <= group.within + 1; at += step) {
    const unit = units[at];
    if (unit === undefined || isBoundary(group, unit)) break;
    last = at;
  }
  const [first, final] = step === 1 ? [units[from + 1], units[last]] : [units[last], units[from - 1]];
  return last === from || !first || !final ? undefined : { start: first.start, end: final.end };
}

function isBoundary({ reach }: CueGroup, unit: Unit): boolean {
  if (reach === 'clause') return endsClause(unit);
  return reach === 'sentence' && endsSentence(unit);
}

function reaches(group: CueGroup, from: number, to: number, index: UnitIndex): boolean {
  if (to - from > group.within) return false;
  return !index.units.slice(from, to).some((unit) => isBoundary(group, unit));
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
