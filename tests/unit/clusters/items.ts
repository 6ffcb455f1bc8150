import type { ClusterItem } from '../../../src/clusters/item.ts';
import { createRandom } from '../../../src/learning/random.ts';
import { mainLanguageOf } from '../../../src/text/main-language.ts';
import { Segmenter } from '../../../src/text/segment.ts';
import { readDocument } from '../../../src/triage/document.ts';

const DIMENSIONS = 256;
const segmenter = new Segmenter([]);

/** A direction that hangs on its name alone. */
export function direction(name: string): Float32Array {
  let seed = 7;
  for (const letter of name) seed = (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  const random = createRandom(seed);
  return Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5);
}

/** An item whose vector lies at its topic, its language and some chance of its own, as those of an encoder do. */
export function makeItem(
  id: string,
  text: string,
  topic: string,
  customer: string | undefined = `c-${id}`,
): ClusterItem {
  const { normal, words, language } = readDocument(segmenter, { text });
  const own = direction(`${id} ${text}`);
  const [about, spoken] = [direction(topic), direction(`language ${mainLanguageOf(language)}`)];
  const vector = own.map((value, at) => 0.35 * value + (about[at] ?? 0) + 2 * (spoken[at] ?? 0));
  const length = Math.hypot(...vector);
  return {
    id,
    vector: vector.map((value) => value / length),
    language: mainLanguageOf(language),
    source: { normal: { text: normal.text }, words, cues: [] },
    customer,
  };
}

const ENGLISH = ['today', 'again', 'since monday', 'on my phone', 'this morning', 'for two days', 'please help', 'why'];
const CHINESE = ['今天', '又', '从周一开始', '手机上', '早上', '两天了', '请帮忙', '为什么'];

/** Reports of one topic in both languages, all worded differently. */
export function reports(topic: string, en: string, zh: string, count: number, from = 0): ClusterItem[] {
  return Array.from({ length: count }, (_, at) => {
    const place = from + at;
    const text =
      place % 2 === 0 ? `${en} ${ENGLISH[place % 8]} ${letters(place)}` : `${zh}${CHINESE[place % 8]}${letters(place)}`;
    return makeItem(`${topic}-${place}`, text, topic);
  });
}

/** A word that no other number has. */
function letters(value: number): string {
  return `x${[...String(value)].map((digit) => String.fromCodePoint(97 + Number(digit))).join('')}`;
}
