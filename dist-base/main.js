#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { Command } from 'commander';
import { addClassify } from './cli/classify.js';
import { addDatabaseCommands } from './cli/database.js';
import { addDemo } from './cli/demo.js';
import { addEval } from './cli/eval.js';
import { EXIT, explain } from './cli/exit.js';
import { addKeys } from './cli/keys.js';
import { addServe } from './cli/serve.js';
import { addTriage } from './cli/triage.js';
const program = new Command('feedback-triage')
    .description('Reads customer feedback in Chinese and English and decides what happens next.')
    .version('0.1.0')
    .showHelpAfterError('(add --help for what is accepted)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage));
const stopping = new AbortController();
// Every text in work listens to it.
setMaxListeners(0, stopping.signal);
for (const name of ['SIGINT', 'SIGTERM']) {
    process.once(name, () => {
        stopping.abort(new Error(`stopped by ${name}`));
        process.once(name, () => process.exit(EXIT.interrupted));
    });
}
// `… | head` closes the pipe when it has enough: nobody is left to write to. Work is stopped, not cut off: ending the
// process while a session runs would abort it.
let readerLeft = false;
process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE')
        throw error;
    readerLeft = true;
    stopping.abort(new Error('nobody reads the output any more'));
});
for (const add of [addTriage, addClassify, addServe, addDemo, addEval, addDatabaseCommands, addKeys])
    add(program, stopping.signal);
try {
    await program.parseAsync();
}
catch (error) {
    if (readerLeft) {
        process.exitCode = EXIT.ok;
    }
    else if (stopping.signal.aborted) {
        process.stderr.write('Stopped.\n');
        process.exitCode = EXIT.interrupted;
    }
    else {
        const { code, message } = explain(error);
        process.stderr.write(`${message}\n`);
        process.exitCode = code;
    }
}
//# sourceMappingURL=main.js.map