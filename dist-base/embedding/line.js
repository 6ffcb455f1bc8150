/** First in, first out; members may leave from anywhere or come back to the front. */
export class Line {
    #returned = new Set();
    #waiting = new Set();
    get size() {
        return this.#returned.size + this.#waiting.size;
    }
    push(member) {
        this.#waiting.add(member);
    }
    /** Before all that were pushed, after those that came back earlier. */
    comeBack(member) {
        this.#returned.add(member);
    }
    shift() {
        for (const set of [this.#returned, this.#waiting]) {
            for (const member of set) {
                set.delete(member);
                return member;
            }
        }
        return undefined;
    }
    leave(member) {
        this.#returned.delete(member);
        this.#waiting.delete(member);
    }
}
//# sourceMappingURL=line.js.map