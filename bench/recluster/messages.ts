import type { ClusterItem } from '../../src/clusters/item.ts';
import { MATTER_COORDINATES } from '../../src/clusters/matter-space.ts';
import { createRandom } from '../../src/learning/random.ts';
import type { Word } from '../../src/text/segment.ts';

/** The encoder's and those of what messages are about. */
const DIMENSIONS = 384 + MATTER_COORDINATES;
/** Messages of one matter on average, the words of it, words that all use, and words of a message. */
const PER_MATTER = 100;
const OWN_WORDS = 14;
const COMMON_WORDS = 400;
const LENGTH = 12;
/** Chance in a vector beside the matter: cosines within a matter are then about 0.4, as on real messages. */
const NOISE = 1.2;

/** Messages of many matters, each worded by chance from the words of its matter and common ones; two languages. */
export function generateMessages(count: number, seed: number): ClusterItem[] {
  const random = createRandom(seed);
  // As the service reads them: in one buffer.
  const vectors = new Float32Array(count * DIMENSIONS);
  const matters = Array.from({ length: Math.max(1, Math.round(count / PER_MATTER)) }, () => direction(random));
  return Array.from({ length: count }, (_, at): ClusterItem => {
    // Some matters are common and many are rare.
    const matter = Math.floor(matters.length * random() ** 1.5);
    const own = direction(random).map((value, place) => NOISE * value + (matters[matter]?.[place] ?? 0));
    const norm = Math.hypot(...own);
    const vector = vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS);
    vector.set(own.map((value) => value / norm));
    const language = random() < 0.5 ? 'zh' : 'en';
    const forms = Array.from({ length: LENGTH }, () =>
      random() < 0.4
        ? spell(matter * OWN_WORDS + Math.floor(random() * OWN_WORDS) + COMMON_WORDS, language)
        : spell(Math.floor(random() * COMMON_WORDS), language),
    );
    return {
      id: String(at),
      vector,
      language,
      source: { normal: { text: forms.join(' ') }, words: toWords(forms), cues: [] },
      customer: `c-${Math.floor(random() * count)}`,
    };
  });
}

function direction(random: () => number): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5);
}

/** A made-up word of its own for each number and language. */
function spell(number: number, language: string): string {
  return `${language[0]}${number.toString(36).replace(/\d/gu, (digit) => 'qwrtpsdfgh'[Number(digit)] ?? '')}`;
}

function toWords(forms: readonly string[]): Word[] {
  let end = -1;
  return forms.map((form) => {
    const start = end + 1;
    end = start + form.length;
    return { form, term: form, kind: 'word', start, end };
  });
}
