import type { Logger } from 'pino';

/** Lines in the log during one piece of work. */
const STEPS = 4;

/** Tells in the log how far a long piece of work is: a line per quarter. */
export function tellSteps(logger: Logger, message: string, fields: object = {}): (done: number, total: number) => void {
  let told = 0;
  return (done, total) => {
    const step = Math.floor((done * STEPS) / total);
    if (step !== told) logger.info({ ...fields, done, total }, message);
    told = step;
  };
}
