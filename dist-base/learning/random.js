/** Uniform numbers in [0, 1) from a seed: Mulberry32 (T. Ettinger, 2017). Enough for shuffles, not for secrets. */
export function createRandom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
}
/** Shuffles in place (Fisher and Yates). */
export function shuffle(items, random) {
    for (let index = items.length - 1; index > 0; index--) {
        const other = Math.floor(random() * (index + 1));
        const kept = items[index] ?? 0;
        items[index] = items[other] ?? 0;
        items[other] = kept;
    }
}
//# sourceMappingURL=random.js.map