import { createRandom } from '../src/learning/random.ts';
import type { LabelExample } from '../src/learning/train-labels.ts';

const DIMENSIONS = 384;
const COMMON_WORDS = 4_000;
const WORDS_PER_LABEL = 6;
const WORDS_PER_TEXT = 12;
/** Share of a text's words that tell its label. */
const TELLING = 0.15;
/** Labels lie in groups, as those of a real set do, so that some are hard to tell apart. */
const GROUP = 8;

/** Examples of many labels: vectors around a centre per label, and words of which some tell the label. Deterministic. */
export function makeExamples(labels: number, perLabel: number, seed: number): LabelExample[] {
  const random = createRandom(seed);
  const noise = () => random() + random() + random() - 1.5;
  const direction = () => Float32Array.from({ length: DIMENSIONS }, noise);
  const pick = (count: number) => Math.floor(random() * count);
  const shared = direction();
  const groups = Array.from({ length: Math.ceil(labels / GROUP) }, direction);
  return Array.from({ length: labels }, (_, label) => {
    const [own, group] = [direction(), groups[Math.floor(label / GROUP)] ?? shared];
    return Array.from({ length: perLabel }, (_, at): LabelExample => {
      const vector = unit(
        shared.map((value, dim) => 4 * value + (group[dim] ?? 0) + 0.7 * (own[dim] ?? 0) + 2.6 * noise()),
      );
      const words = Array.from({ length: WORDS_PER_TEXT }, () =>
        random() < TELLING ? `topic${label}x${pick(WORDS_PER_LABEL)}` : `word${pick(COMMON_WORDS)}`,
      );
      return { id: `${label}:${at}`, label: `label_${label}`, vector, ...read(words) };
    });
  }).flat();
}

function read(forms: readonly string[]): Pick<LabelExample, 'normal' | 'words' | 'cues'> {
  const text = forms.join(' ');
  let start = 0;
  const words = forms.map((form) => {
    const word = { kind: 'word' as const, form, term: form, start, end: start + form.length };
    start = word.end + 1;
    return word;
  });
  return { normal: { text }, words, cues: [] };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
