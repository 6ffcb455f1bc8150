#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { CutOff, EXIT, explain, Stopped } from './cli/exit.ts';
import { createProgram } from './cli/program.ts';
import { explainStdout } from './cli/write-to.ts';

const stopping = new AbortController();
// Every text in work listens to it.
setMaxListeners(0, stopping.signal);
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stopping.abort(new Stopped(`stopped by ${name}`));
    process.once(name, () => process.exit(EXIT.interrupted));
  });
}

let isDone = false;
// `… | head` closes the pipe when it has enough, a disk may fill up: the work is stopped, not cut off, because ending
// the process while a session runs would abort it.
process.stdout.on('error', (error) => {
  const reason = explainStdout(error);
  stopping.abort(reason);
  if (isDone) end(reason);
});
// Nobody is left to tell.
process.stderr.on('error', () => undefined);

const program = createProgram(stopping.signal, (error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));
try {
  await program.parseAsync();
} catch (error) {
  end(stopping.signal.aborted && !(error instanceof CutOff) ? stopping.signal.reason : error);
}
isDone = true;

function end(error: unknown): void {
  const { code, message } = explain(error);
  process.exitCode = code;
  // What a reader of standard output who does not read would hold back is given up: everything is closed by now.
  const leave = () => {
    if (stopping.signal.aborted) process.exit(code);
  };
  process.stderr.write(message && `${message}\n`, leave);
}
