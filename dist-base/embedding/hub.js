import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import { spawnWorker } from '../worker-file.js';
import { weightsFile } from './fingerprint.js';
import { WorkerLink } from './link.js';
/**
 * Downloads a model unless it is in the cache, by the library's own means and in a thread of its own.
 *
 * @returns the folder of its files
 * @throws AppError `encoder_unavailable` when it could not be had
 */
export async function downloadModel(download) {
    const folder = path.join(download.cacheDir, download.id);
    if (await exists(path.join(folder, weightsFile(download.dtype))))
        return folder;
    await new Promise((resolve, reject) => {
        const worker = spawnWorker('download-worker', import.meta.url, { name: 'encoder-download', workerData: download });
        const link = new WorkerLink(worker, {
            ready: () => link.stop().then(resolve, reject),
            gone: (reason) => reject(new AppError('encoder_unavailable', `The model ${download.id} could not be downloaded: ${reason}`)),
        });
    });
    return folder;
}
function exists(file) {
    return access(file).then(() => true, () => false);
}
//# sourceMappingURL=hub.js.map