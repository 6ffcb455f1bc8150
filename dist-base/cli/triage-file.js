import { AppError } from '../errors.js';
import { classify } from '../feedback/classify.js';
import { submitFeedback } from '../feedback/submit.js';
import { readItems } from '../intake/read-items.js';
import { showProgress } from './progress.js';
import { TEXT } from './text.js';
/** Messages in work at once. */
const CONCURRENCY = 16;
/** Decided results that may wait for an earlier line before reading pauses. */
const WINDOW = 512;
/** Failures that the next line would meet as well. */
const FOR_ALL_LINES = new Set(['storage_full', 'database_unavailable', 'encoder_unavailable', 'cancelled']);
/** Decides about the items of a file, several at once; `onResult` gets them in the order of the file. */
export async function triageFile(context, options, onResult) {
    const { limit = Number.POSITIVE_INFINITY, signal } = options;
    const started = performance.now();
    const progress = showProgress(TEXT.reading[options.language]);
    const problems = [];
    const results = [];
    const tally = { created: 0, existed: 0 };
    const pending = [];
    const gate = createGate(Math.min(CONCURRENCY, context.config.ENCODER_QUEUE));
    const decide = async (line, request) => {
        try {
            const result = await ('database' in context
                ? store(context, line, request, signal, tally)
                : decideOnly(context, line, request, signal));
            progress.update(results.length + pending.length);
            return result;
        }
        catch (error) {
            if (!(error instanceof AppError) || FOR_ALL_LINES.has(error.code))
                throw error;
            problems.push({ line, problem: error.message });
            return undefined;
        }
        finally {
            gate.leave();
        }
    };
    const settleUntil = async (left) => {
        while (pending.length > left) {
            const result = await pending[0];
            pending.shift();
            if (result === undefined)
                continue;
            results.push(result);
            await onResult(result);
        }
    };
    let read = 0;
    try {
        for await (const item of readItems(options)) {
            signal.throwIfAborted();
            read++;
            if ('problem' in item) {
                problems.push(item);
                if (read >= limit)
                    break;
                continue;
            }
            await gate.enter();
            const work = decide(item.line, item.request);
            // Told when its turn comes; until then nobody listens.
            work.catch(() => undefined);
            pending.push(work);
            if (read >= limit)
                break;
            if (pending.length >= WINDOW)
                await settleUntil(WINDOW / 2);
        }
        await settleUntil(0);
    }
    finally {
        await Promise.allSettled(pending);
        progress.end();
    }
    problems.sort((left, right) => left.line - right.line);
    const durationMs = performance.now() - started;
    return { results, problems, durationMs, ...('database' in context && { stored: tally }) };
}
async function decideOnly(engine, line, request, signal) {
    const { decision, document } = await classify(engine, request, { signal });
    return { line, ...identity(request), text: document.masked.text, decision };
}
async function store(context, line, request, signal, tally) {
    const { status, item } = await submitFeedback(context, request, {
        actor: { kind: 'operator', command: 'triage' },
        signal,
    });
    if (status === 201)
        tally.created++;
    else
        tally.existed++;
    return {
        line,
        ...identity(request),
        id: item.id,
        text: item.subject ? `${item.subject}\n${item.text}` : item.text,
        decision: item.decision,
    };
}
function identity({ external_id }) {
    return external_id === undefined ? {} : { external_id };
}
/** Lets at most `width` in at once. */
function createGate(width) {
    let inside = 0;
    const waiting = [];
    return {
        async enter() {
            if (inside >= width)
                await new Promise((resolve) => waiting.push(resolve));
            inside++;
        },
        leave() {
            inside--;
            waiting.shift()?.();
        },
    };
}
//# sourceMappingURL=triage-file.js.map