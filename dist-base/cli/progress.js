const WIDTH = 24;
const INTERVAL_MS = 100;
/** A bar on standard error when it is a terminal; nothing otherwise, so that output stays clean in pipes. */
export function showProgress(label, stream = process.stderr) {
    if (!stream.isTTY)
        return { update: () => undefined, end: () => undefined };
    let drawn = 0;
    return {
        update(done, total) {
            if (Date.now() - drawn < INTERVAL_MS && done !== total)
                return;
            drawn = Date.now();
            const filled = total ? Math.round((done / total) * WIDTH) : 0;
            const bar = total ? ` ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}` : ` ${done}`;
            stream.write(`\r\u001b[K${label}${bar}`);
        },
        end() {
            stream.write('\r\u001b[K');
        },
    };
}
//# sourceMappingURL=progress.js.map