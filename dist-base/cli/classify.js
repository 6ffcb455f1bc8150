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
import { openEngine } from '../context.js';
import { AppError } from '../errors.js';
import { classify } from '../feedback/classify.js';
import { classifyRequestSchema } from '../intake/request.js';
import { createRuntime, languageOption } from './command.js';
import { describeDecision } from './describe.js';
import { showProgress } from './progress.js';
import { TEXT } from './text.js';
/** `classify "text"`: one decision with its reasons, for a person. */
export const addClassify = (program, signal) => {
    program
        .command('classify')
        .description('decide about one message and show why')
        .argument('<text>', 'what the customer wrote')
        .option('--subject <text>', 'the subject of a mail')
        .option('--channel <channel>', 'where it came from')
        .option('--tier <tier>', 'the customer’s tier, such as vip')
        .option('--prior-contacts <count>', 'earlier contacts about the same matter')
        .option('--open-positions', 'the customer has open positions')
        .option('--json', 'print the decision as JSON')
        .addOption(languageOption())
        .action(async (text, flags) => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const customer = {
                ...(flags.tier && { tier: flags.tier }),
                ...(flags.priorContacts !== undefined && { prior_contacts_same_matter: Number(flags.priorContacts) }),
                ...(flags.openPositions && { open_positions: true }),
            };
            const parsed = classifyRequestSchema.safeParse({
                text,
                customer,
                ...(flags.subject && { subject: flags.subject }),
                ...(flags.channel && { channel: flags.channel }),
            });
            if (!parsed.success) {
                throw new AppError('invalid_input', parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
            }
            const runtime = createRuntime(signal, 'interactive');
            const training = showProgress(TEXT.training[flags.lang]);
            const engine = __addDisposableResource(env_1, await openEngine({ ...runtime, onProgress: training.update }), true);
            training.end();
            const { decision } = await classify(engine, parsed.data, { signal });
            console.log(flags.json
                ? JSON.stringify(decision, undefined, 2)
                : describeDecision(decision, engine.policy, runtime.config.TIME_ZONE, flags.lang));
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
};
//# sourceMappingURL=classify.js.map