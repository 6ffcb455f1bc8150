import { Converter } from 'opencc-js/t2cn';

const HAN = /\p{Script=Han}/u;
const convert = Converter({ from: 't', to: 'cn' });
const known = new Map<string, string>();

/**
 * One Traditional character to its Simplified form. Character by character, so that the length never changes; the
 * few characters whose form depends on the word keep their commoner one, which matching does not mind.
 */
export function toSimplified(character: string): string {
  const hit = known.get(character);
  if (hit !== undefined) return hit;
  if (!HAN.test(character)) return character;
  const simplified = convert(character);
  const result = simplified.length === character.length ? simplified : character;
  known.set(character, result);
  return result;
}
