import { toSimplified } from './opencc.ts';
import { TrackedBuilder, type TrackedText } from './tracked.ts';

/** Zero-width and bidirectional controls, soft hyphen, variation selectors: invisible, and used to split words. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]|[\uFE00-\uFE0F]/u;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const SPACE = /\p{Zs}/u;
const APOSTROPHE = /[’‘‛ʼ´`＇]/u;
/** One code point with its combining marks: composed as a whole by NFKC. */
const CLUSTER = /\P{M}\p{M}*|\p{M}+/gu;
/** Zalgo: marks beyond this many on one character are dropped. */
const MAX_MARKS = 4;

/**
 * The form that rules and classifiers read: NFKC, half width, lower case, Traditional folded to Simplified, one kind
 * of apostrophe and space, controls other than line breaks and invisible characters removed.
 */
export function normalize(tracked: TrackedText): TrackedText {
  const builder = new TrackedBuilder();
  for (const match of tracked.text.matchAll(CLUSTER)) {
    const cluster = match[0];
    const folded = foldCluster(cluster);
    if (folded !== '') builder.append(folded, tracked.origin[match.index] ?? 0);
  }
  return builder.finish(tracked.origin[tracked.text.length] ?? 0);
}

function foldCluster(cluster: string): string {
  if (cluster.length === 1 && cluster <= '~') return foldAscii(cluster);
  if (INVISIBLE.test(cluster) && cluster.length === 1) return '';
  if (CONTROL.test(cluster)) return '\n';
  if (SPACE.test(cluster)) return ' ';
  if (APOSTROPHE.test(cluster)) return "'";
  const composed = [...cluster]
    .slice(0, MAX_MARKS + 1)
    .join('')
    .normalize('NFKC')
    .toLowerCase();
  return Array.from(composed, toSimplified).join('');
}

function foldAscii(character: string): string {
  if (character === '\n') return '\n';
  if (character === '\t' || character === '\r') return ' ';
  if (character === '`') return "'";
  if (character < ' ') return '';
  return character.toLowerCase();
}
