var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
import { writeFile } from 'node:fs/promises';
import { openEngine } from '../context.js';
import { evaluateTriage } from '../eval/triage.js';
import { readTriageSet } from '../eval/triage-set.js';
import { createRuntime } from './command.js';
import { showProgress } from './progress.js';
import { renderTable } from './table.js';
const MAX_MISSES = 40;
/** `eval …`: how good the decisions are, on anybody's labelled data. */
export const addEval = (program, signal) => {
    const command = program.command('eval').description('measure the decisions on labelled data');
    addTriageEvaluation(command, signal);
};
function addTriageEvaluation(command, signal) {
    command
        .command('triage')
        .description('type, topics, risk flags and priority on a labelled set')
        .argument('<file>', 'JSON Lines: {"id","lang","channel","customer","text","expect":{"type","topics","risk_flags","priority"}}')
        .option('--json <file>', 'write all figures and every miss to a file')
        .option('--no-misses', 'do not list the misses')
        .action(async (file, flags) => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const items = await readTriageSet(file);
            const runtime = createRuntime(signal, 'interactive');
            const progress = showProgress('eval');
            const engine = __addDisposableResource(env_1, await openEngine({ ...runtime, onProgress: progress.update }), true);
            const result = await evaluateTriage(engine, items, { signal, onProgress: progress.update });
            progress.end();
            if (flags.json)
                await writeFile(flags.json, `${JSON.stringify(result, undefined, 2)}\n`);
            printTriage(result, flags.misses);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    });
}
function printTriage(result, withMisses) {
    const rows = Object.entries({ all: result, ...result.by_language })
        .filter(([, scores]) => scores.items > 0)
        .map(([name, scores]) => [name, String(scores.items), ...figures(scores)]);
    const titles = [
        'language',
        'n',
        'type acc.',
        'type F1',
        'prio acc.',
        'P1 prec.',
        'P1 recall',
        'topics F1',
        'flags F1',
        'acted on',
    ];
    console.log(renderTable(titles.map((title, at) => ({ title, ...(at > 0 && { align: 'right' }) })), rows, 160));
    console.log(`\n95 % intervals: type ${interval(result.type.interval)}, priority ${interval(result.priority.interval)}, P1 recall ${interval(result.priority.p1_recall_interval)}`);
    console.log(`Acted on without a person: ${percent(result.acted_on.share)}, their type right in ${percent(result.acted_on.type_accuracy)}. ${result.ms_per_item.toFixed(1)} ms per item.`);
    console.log(`\nFlags: ${Object.entries(result.risk_flags.per_flag)
        .map(([flag, scores]) => `${flag} ${percent(scores.precision)}/${percent(scores.recall)}`)
        .join(' · ')} (precision/recall)`);
    if (!withMisses)
        return;
    const misses = result.misses.filter(({ wrong }) => wrong.includes('type') || wrong.includes('priority') || wrong.includes('risk_flags'));
    console.log(`\nMisses of type, priority or flags: ${misses.length}`);
    for (const miss of misses.slice(0, MAX_MISSES)) {
        const said = (labels) => `${labels.type} ${labels.priority} [${labels.risk_flags.join(' ')}]`;
        console.log(`  ${miss.id} ${miss.text.replace(/\s+/gu, ' ').slice(0, 160)}\n      expected ${said(miss.expected)}\n      given    ${said(miss.given)} (${miss.confidence.toFixed(2)}) ${miss.reasons.join(', ')}`);
    }
    if (misses.length > MAX_MISSES)
        console.log(`  … ${misses.length - MAX_MISSES} more; --json FILE writes them all`);
}
function figures(scores) {
    return [
        scores.type.accuracy,
        scores.type.macro_f1,
        scores.priority.accuracy,
        scores.priority.p1_precision,
        scores.priority.p1_recall,
        scores.topics.micro_f1,
        scores.risk_flags.micro_f1,
        scores.acted_on.share,
    ].map((value) => value.toFixed(3));
}
const percent = (value) => `${(value * 100).toFixed(1)} %`;
const interval = ({ low, high }) => `${low.toFixed(3)}–${high.toFixed(3)}`;
//# sourceMappingURL=eval.js.map