import { lockFolder } from '../../src/db/lock.ts';

/* Takes the lock on a folder and keeps it until it is killed; prints `locked` or the error's code. */
const folder = process.argv[2] ?? '';
try {
  await lockFolder(folder);
  process.stdout.write('locked\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`);
}
