import { InvalidArgumentError, Option } from 'commander';
import pino, {} from 'pino';
import { loadConfig } from '../config.js';
import { LANGUAGES, systemLanguage } from './text.js';
/** Log lines hold what this list allows, never what a customer wrote. */
const ERROR_FIELDS = ['type', 'message', 'code', 'stack'];
/** `interactive` commands talk to a person: they log warnings only, and to standard error. */
export function createRuntime(signal, kind) {
    const config = loadConfig();
    const level = kind === 'interactive' && config.LOG_LEVEL === 'info' ? 'warn' : config.LOG_LEVEL;
    const serializers = { err: serializeError };
    const logger = pino({ level, serializers, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: kind === 'interactive' ? 2 : 1, sync: kind === 'interactive' }));
    return { config, logger, signal };
}
function serializeError(error) {
    if (!(error instanceof Error))
        return { message: String(error) };
    const plain = pino.stdSerializers.err(error);
    return Object.fromEntries(ERROR_FIELDS.flatMap((field) => (plain[field] === undefined ? [] : [[field, plain[field]]])));
}
export function languageOption() {
    return new Option('--lang <language>', 'language of the output').choices(LANGUAGES).default(systemLanguage());
}
export function wholeNumber(minimum) {
    return (value) => {
        const number = Number(value);
        if (!Number.isInteger(number) || number < minimum)
            throw new InvalidArgumentError(`must be a whole number from ${minimum}`);
        return number;
    };
}
//# sourceMappingURL=command.js.map