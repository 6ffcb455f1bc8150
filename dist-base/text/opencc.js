import { Converter } from 'opencc-js/t2cn';
const HAN = /\p{Script=Han}/u;
/** Characters that mean one word in this trade and that the conversion leaves apart: 帳戶 is 帐户 and 账户. */
const VARIANTS = new Map([
    ['帐', '账'],
    ['著', '着'],
    ['妳', '你'],
]);
const convert = Converter({ from: 't', to: 'cn' });
const known = new Map();
/**
 * One Traditional character to its Simplified form. Character by character, so that the length never changes; the
 * few characters whose form depends on the word keep their commoner one, which matching does not mind.
 */
export function toSimplified(character) {
    const hit = known.get(character);
    if (hit !== undefined)
        return hit;
    if (!HAN.test(character))
        return character;
    const simplified = convert(character);
    const folded = simplified.length === character.length ? simplified : character;
    const result = VARIANTS.get(folded) ?? folded;
    known.set(character, result);
    return result;
}
//# sourceMappingURL=opencc.js.map