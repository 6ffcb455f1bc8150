import { findPhrase } from '../text/phrases.js';
import { SENTENCE_ENDS } from '../text/units.js';
import { SCOPES } from './rules.js';
/** Finds all scope cues of a text; those that are absorbed ("not resolved") are left out. */
export function findCues(lexicon, index) {
    const cues = {};
    for (const scope of SCOPES)
        cues[scope] = (lexicon.cues[scope] ?? []).map((group) => findGroup(group, index));
    return cues;
}
function findGroup(group, index) {
    const find = (phrases = []) => phrases.flatMap((phrase) => findPhrase(phrase, index));
    const absorbers = new Set(find(group.absorbed_by).map(({ firstUnit }) => firstUnit));
    const free = find(group.phrases).filter(({ endUnit }) => !absorbers.has(endUnit) && !absorbers.has(endUnit + 1));
    const byFirst = (left, right) => left.firstUnit - right.firstUnit;
    return {
        group,
        byStart: [...free].sort(byFirst),
        byEnd: [...free].sort((left, right) => left.endUnit - right.endUnit),
        voiding: find(group.voided_by).sort(byFirst),
    };
}
/** The first scope of `scopes` that takes the match out of force, with its cue. */
export function findScope(match, scopes, cues, index) {
    for (const scope of scopes) {
        for (const group of cues[scope]) {
            const cue = governingCue(match, group, index);
            if (cue !== undefined)
                return { scope, cue };
        }
    }
    return undefined;
}
/** Only the nearest cue of each side is asked: what stands between it and the match stands behind farther ones too. */
function governingCue(match, { group, byStart, byEnd, voiding }, index) {
    if (group.voided_by === undefined) {
        const inGap = findInGaps(match, byStart);
        if (inGap !== undefined)
            return inGap;
    }
    const isVoided = (from, to) => findInside(voiding, from, to) !== undefined;
    const before = byEnd[countBelow(byEnd, match.firstUnit + 1, ({ endUnit }) => endUnit) - 1];
    if (before && reaches(group, before.endUnit, match.firstUnit, index) && !isVoided(before.endUnit, match.endUnit))
        return before;
    if (group.side === 'before')
        return undefined;
    const after = byStart[countBelow(byStart, match.endUnit, ({ firstUnit }) => firstUnit)];
    if (after && reaches(group, match.endUnit, after.firstUnit, index) && !isVoided(match.endUnit, after.firstUnit))
        return after;
    return undefined;
}
function findInGaps(match, byStart) {
    for (const [from, to] of match.skipped) {
        const hit = findInside(byStart, from, to);
        if (hit !== undefined)
            return hit;
    }
    return undefined;
}
/** The first of the matches, sorted by start, that stands wholly in `[from, to)`. */
function findInside(byStart, from, to) {
    for (let at = countBelow(byStart, from, ({ firstUnit }) => firstUnit); at < byStart.length; at++) {
        const hit = byStart[at];
        if (hit === undefined || hit.firstUnit >= to)
            return undefined;
        if (hit.endUnit <= to)
            return hit;
    }
    return undefined;
}
/** How many of the matches, sorted by `position`, have it below `limit`. */
function countBelow(sorted, limit, position) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        const match = sorted[middle];
        if (match !== undefined && position(match) < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
function reaches(group, from, to, index) {
    if (to - from > group.within)
        return false;
    const between = index.units.slice(from, to);
    if (group.reach === 'clause')
        return !between.some(endsClause);
    return group.reach === 'text' || !between.some(({ kind, form }) => kind === 'stop' && SENTENCE_ENDS.has(form));
}
/** Words after which a clause takes a new turn, beside the stops. */
const TURNS = new Set(['but', 'howev', 'though', 'becaus', '但']);
function endsClause(unit) {
    return unit.kind === 'stop' || TURNS.has(unit.stem);
}
//# sourceMappingURL=scope.js.map