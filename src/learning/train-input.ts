import { parentPort } from 'node:worker_threads';

/** What is trained from, by the name of the list. */
export type TrainRows = Readonly<Record<string, readonly unknown[]>>;
/** Some rows of a list, in their order; or, when all have come, how to train. */
export type TrainMessage = { readonly list: string; readonly rows: readonly unknown[] } | { readonly settings: object };

/** In a training thread: all that it trains from, once it has come. */
export function receiveInput<Input>(lists: readonly string[]): Promise<Input> {
  const input: Record<string, unknown[]> = Object.fromEntries(lists.map((list) => [list, []]));
  return new Promise((resolve) => {
    const take = (message: TrainMessage) => {
      if ('list' in message) {
        input[message.list]?.push(...message.rows);
        return;
      }
      parentPort?.off('message', take);
      resolve({ ...input, settings: message.settings } as Input);
    };
    parentPort?.on('message', take);
  });
}
