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
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATA_FOLDER, openContext } from '../context.js';
import { createRuntime, languageOption } from './command.js';
import { showProgress } from './progress.js';
import { runService } from './serve.js';
import { TEXT } from './text.js';
import { triageFile } from './triage-file.js';
/** `demo`: the service on a temporary database with the samples in it. */
export const addDemo = (program, signal) => {
    program
        .command('demo')
        .description('serve on a temporary database with the sample feedback loaded, and say what to open')
        .addOption(languageOption())
        .action(async ({ lang }) => {
        const runtime = createRuntime(signal, 'interactive');
        const folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-demo-'));
        try {
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const { DATABASE_URL: _, ...settings } = runtime.config;
                const config = { ...settings, DATA_DIR: folder };
                const training = showProgress(TEXT.training[lang]);
                const context = __addDisposableResource(env_1, await openContext({ ...runtime, config, onProgress: training.update }), true);
                training.end();
                const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
                const { stored } = await triageFile(context, { file, encoding: 'utf-8', language: lang, signal }, () => undefined);
                await runService(context, { ...runtime, config }, (url) => console.log(invitation(url, stored?.created ?? 0, lang)));
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
        }
        finally {
            await rm(folder, { recursive: true, force: true });
        }
    });
};
function invitation(url, items, language) {
    const lines = {
        zh: [
            `演示服务已启动，载入了 ${items} 条样例反馈。数据库是临时的，按 Ctrl-C 停止后即删除。`,
            '',
            `  接口文档      ${url}/docs`,
            `  紧急的反馈    ${url}/v1/feedback?priority=P1`,
            `  全部反馈      ${url}/v1/feedback`,
            `  试一条        curl -d '{"text":"我的账户被盗了，刚刚有人提走了12000 USDT"}' ${url}/classify`,
        ],
        en: [
            `The demo is running with ${items} samples loaded. Its database is temporary and goes when you press Ctrl-C.`,
            '',
            `  API reference   ${url}/docs`,
            `  Urgent items    ${url}/v1/feedback?priority=P1`,
            `  All items       ${url}/v1/feedback`,
            `  Try one         curl -d '{"text":"I was not hacked, just asking how 2FA works"}' ${url}/classify`,
        ],
    };
    return lines[language].join('\n');
}
//# sourceMappingURL=demo.js.map