import { createRuntime } from '../../src/cli/command.ts';

// A service in which a library fails on what a customer wrote, and nobody catches it.
createRuntime(new AbortController().signal, 'service').logger.info('started');
setImmediate(() => JSON.parse('phone 13912345678'));
