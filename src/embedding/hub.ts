import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.ts';
import { spawnWorker } from '../worker-file.ts';
import { type WeightKind, weightsFile } from './fingerprint.ts';
import { WorkerLink } from './link.ts';

export interface Download {
  /** `owner/name` on the Hugging Face hub. */
  readonly id: string;
  readonly cacheDir: string;
  readonly dtype: WeightKind;
}

/**
 * Downloads a model unless it is in the cache, by the library's own means and in a thread of its own.
 *
 * @returns the folder of its files
 * @throws AppError `encoder_unavailable` when it could not be had
 */
export async function downloadModel(download: Download): Promise<string> {
  const folder = path.join(download.cacheDir, download.id);
  if (await exists(path.join(folder, weightsFile(download.dtype)))) return folder;
  await new Promise<void>((resolve, reject) => {
    const worker = spawnWorker('download-worker', import.meta.url, { name: 'encoder-download', workerData: download });
    const link = new WorkerLink(worker, {
      ready: () => link.stop().then(resolve, reject),
      gone: (reason) =>
        reject(new AppError('encoder_unavailable', `The model ${download.id} could not be downloaded: ${reason}`)),
    });
  });
  return folder;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
