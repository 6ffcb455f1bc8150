import { toSimplified } from './opencc.js';
import { TrackedBuilder } from './tracked.js';
/**
 * What is seen as nothing and used to split words: zero-width and bidirectional controls, soft hyphens, variation
 * selectors, fillers, controls; and the frame of keycap digits.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}]|\u20E3/gu;
const LINE_BREAK = /[\n\v\f\u0085\u2028\u2029]/u;
const SPACE = /[\p{Zs}\t\r]/u;
const APOSTROPHE = /[’‘‛ʼ´`＇]/u;
/** One code point with its combining marks: composed as a whole by NFKC. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
/** Zalgo: marks beyond this many on one character are dropped. */
const MAX_MARKS = 4;
/**
 * The form that rules and classifiers read: NFKC, half width, lower case, Traditional folded to Simplified, one kind
 * of apostrophe and space, controls other than line breaks and invisible characters removed.
 */
export function normalize(tracked) {
    const builder = new TrackedBuilder();
    for (const match of tracked.text.matchAll(CLUSTER)) {
        const cluster = match[0];
        const folded = foldCluster(cluster);
        if (folded !== '')
            builder.append(folded, tracked.origin[match.index] ?? 0);
    }
    return builder.finish(tracked.origin[tracked.text.length] ?? 0);
}
function foldCluster(cluster) {
    if (cluster.length === 1 && cluster >= ' ' && cluster <= '~')
        return cluster === '`' ? "'" : cluster.toLowerCase();
    if (LINE_BREAK.test(cluster))
        return '\n';
    if (SPACE.test(cluster))
        return ' ';
    if (APOSTROPHE.test(cluster))
        return "'";
    const composed = [...cluster.replace(INVISIBLE, '')]
        .slice(0, MAX_MARKS + 1)
        .join('')
        .normalize('NFKC')
        .toLowerCase();
    return Array.from(composed, toSimplified).join('');
}
//# sourceMappingURL=normalize.js.map