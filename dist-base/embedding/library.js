import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { env, LogLevel } from '@xenova/transformers';
/** Sets transformers.js up to load from one folder and never from the network; called before anything is loaded. */
export function useFolder(folder) {
    // Its error log prints the tokens that failed, and through them the customer's words.
    env.logLevel = LogLevel.NONE;
    env.allowRemoteModels = false;
    env.useFSCache = false;
    env.useCustomCache = true;
    env.customCache = folderCache(folder);
}
/**
 * The folder's files by the library's own door for that. Without it the library opens the weights as a stream that
 * reads all of them into memory, and then uses no more than their path: 60 MB per session.
 */
function folderCache(folder) {
    return {
        match: async (request) => {
            const name = path.posix.basename(request);
            return name.includes('.onnx')
                ? path.join(folder, 'onnx', name)
                : new Response(await readFile(path.join(folder, name)));
        },
        put: () => Promise.reject(new Error('The model folder is never written to.')),
    };
}
//# sourceMappingURL=library.js.map