import porter from 'natural/lib/natural/stemmers/porter_stemmer.js';
/** Forms that Porter's algorithm (1980) leaves apart although they are one word. */
const IRREGULAR = new Map(Object.entries({
    stole: 'stolen',
    steal: 'stolen',
    stealing: 'stolen',
    steals: 'stolen',
    thieves: 'thief',
    lost: 'lose',
    losing: 'lose',
    loses: 'lose',
    loss: 'lose',
    losses: 'lose',
    froze: 'freez',
    frozen: 'freez',
    freeze: 'freez',
    withdrew: 'withdraw',
    withdrawn: 'withdraw',
    withdrawal: 'withdraw',
    withdrawals: 'withdraw',
    withdrawl: 'withdraw',
    withdrawing: 'withdraw',
    withdraws: 'withdraw',
    sent: 'send',
    went: 'go',
    gone: 'go',
    goes: 'go',
    took: 'take',
    taken: 'take',
    broke: 'broken',
    break: 'broken',
    breaks: 'broken',
    paid: 'pay',
    got: 'get',
    gotten: 'get',
    left: 'leave',
    leaving: 'leave',
    leaves: 'leave',
    sold: 'sell',
    bought: 'buy',
    told: 'tell',
    said: 'say',
    says: 'say',
    kept: 'keep',
    spoke: 'speak',
    gave: 'give',
    given: 'give',
    knew: 'know',
    threw: 'throw',
}));
const cache = new Map();
const CACHE_LIMIT = 50_000;
/** The stem of one lower-case Latin word without apostrophes. */
export function stem(word) {
    const hit = cache.get(word);
    if (hit !== undefined)
        return hit;
    const result = IRREGULAR.get(word) ?? (word.length > 2 && word.length <= 40 ? porter.stem(word) : word);
    if (cache.size >= CACHE_LIMIT)
        cache.clear();
    cache.set(word, result);
    return result;
}
//# sourceMappingURL=stem.js.map