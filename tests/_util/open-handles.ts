import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** What keeps a Node process alive only when somebody forgot to close it: a listening server, a child process. */
const OWNED = new Set(['TCPServerWrap', 'ProcessWrap']);
const GRACE_MS = 5_000;
const POLL_MS = 20;

const listOpen = () => process.getActiveResourcesInfo().filter((kind) => OWNED.has(kind));

// Registered before any hook of the test file, so it runs after all of them.
afterAll(async () => {
  for (let waited = 0; listOpen().length > 0 && waited < GRACE_MS; waited += POLL_MS) await sleep(POLL_MS);
  const open = listOpen();
  if (open.length > 0) throw new Error(`The test file left open: ${open.join(', ')}`);
});
