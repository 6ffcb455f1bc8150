import path from 'node:path';
import { PROJECT_ROOT } from './config.js';
import { openDatabase } from './db/connect.js';
import { migrateToLatest } from './db/migrate.js';
import { createEncoder } from './embedding/create.js';
import { loadHead } from './learning/load-head.js';
import { loadPolicy } from './policy.js';
import { Segmenter } from './text/segment.js';
import { openVault } from './vault.js';
export const DATA_FOLDER = path.join(PROJECT_ROOT, 'data');
export const SEED_VECTORS = path.join(DATA_FOLDER, 'seeds', 'vectors.bin');
/** Loads policy and encoder side by side, then the head, which is trained when it is not there yet. */
export async function openEngine({ config, logger, signal, onProgress }) {
    const [policy, encoder] = await both(loadPolicy(DATA_FOLDER), createEncoder({ config, logger }));
    try {
        const segmenter = new Segmenter(policy.words, policy.cues);
        const sources = { policy, encoder, segmenter, dataDir: config.DATA_DIR, seedVectors: SEED_VECTORS, logger, signal };
        const learned = await loadHead({ ...sources, ...(onProgress && { onProgress }) });
        const dispose = () => encoder[Symbol.asyncDispose]();
        return {
            config,
            logger,
            policy,
            segmenter,
            encoder,
            learned,
            now: () => new Date(),
            [Symbol.asyncDispose]: dispose,
        };
    }
    catch (error) {
        await encoder[Symbol.asyncDispose]();
        throw error;
    }
}
/** Waits for both; when one fails, what the other opened is closed. */
async function both(first, second) {
    const [left, right] = await Promise.allSettled([first, second]);
    if (left.status === 'fulfilled' && right.status === 'fulfilled')
        return [left.value, right.value];
    for (const result of [left, right])
        if (result.status === 'fulfilled')
            await close(result.value);
    throw left.status === 'rejected' ? left.reason : right.status === 'rejected' && right.reason;
}
async function close(value) {
    if (typeof value === 'object' && value !== null && Symbol.asyncDispose in value)
        await value[Symbol.asyncDispose]();
}
/** Opens the database first, because a locked folder or an unreachable server is known at once, then the engine. */
export async function openContext(options) {
    const store = await openStore(options);
    const engine = await openEngine(options).catch(async (error) => {
        await store[Symbol.asyncDispose]();
        throw error;
    });
    return {
        ...engine,
        ...store,
        [Symbol.asyncDispose]: async () => {
            await engine[Symbol.asyncDispose]();
            await store[Symbol.asyncDispose]();
        },
    };
}
async function openStore({ config, logger, signal, }) {
    const database = await openDatabase({ config, logger, ...(signal && { signal }) });
    const close = () => database[Symbol.asyncDispose]();
    try {
        await migrateToLatest(database, logger);
        return { database, vault: await openVault(config), [Symbol.asyncDispose]: close };
    }
    catch (error) {
        await close();
        throw error;
    }
}
//# sourceMappingURL=context.js.map