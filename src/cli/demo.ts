import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../config.ts';
import { type Context, DATA_FOLDER, openContext } from '../context.ts';
import { type AddCommand, createRuntime, languageFlags, languageOption, type Runtime } from './command.ts';
import { showProgress } from './progress.ts';
import { runService } from './serve.ts';
import { TEXT, type UiLanguage } from './text.ts';
import { triageFile } from './triage-file.ts';
import { print } from './write-to.ts';

/** `demo`: the service on a temporary database with the samples in it. */
export const addDemo: AddCommand = (program, signal) => {
  program
    .command('demo')
    .description('serve on a temporary database with the sample feedback loaded, and say what to open')
    .addOption(languageOption())
    .action(async (values: unknown) => {
      const { lang } = languageFlags.parse(values);
      const runtime = createRuntime(signal, 'demo');
      await using folder = await makeTemporary();
      const { DATABASE_URL: _, ...settings } = runtime.config;
      await showDemo(runtime, { ...settings, DATA_DIR: folder.path }, lang);
    });
};

/** The trained head stays in the ordinary data folder, so that the second demo starts at once. */
async function showDemo(runtime: Runtime, storage: Config, language: UiLanguage): Promise<void> {
  const { config, signal } = runtime;
  // That it asks for no key is told below, to a person.
  const logger = runtime.logger.child({}, { level: 'error' });
  let created = 0;
  const open = async (onAccepted: () => void) => {
    const training = showProgress(TEXT.training[language]);
    const context = await openContext({ ...runtime, logger, storage, onAccepted, onProgress: training.update });
    training.end();
    created = await loadSamples(context, language, signal);
    return context;
  };
  await runService({ ...runtime, logger }, open, (url) =>
    print(invitation(url, created, language, config.API_KEYS.length > 0), signal),
  );
}

/** Decides about the samples and keeps them; gives their number, and closes the context when it cannot. */
async function loadSamples(context: Context, language: UiLanguage, signal: AbortSignal): Promise<number> {
  const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
  try {
    const { created } = await triageFile(context, { file, encoding: 'utf-8', language, signal }, () => undefined);
    return created;
  } catch (error) {
    await context[Symbol.asyncDispose]();
    throw error;
  }
}

/** A folder that is removed at the end, also when a second Ctrl-C does not wait for it. */
async function makeTemporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-demo-'));
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  return {
    path: folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
      process.off('exit', removeNow);
    },
  };
}

function invitation(url: string, items: number, language: UiLanguage, asksForKey: boolean): string {
  const key = asksForKey ? " -H 'Authorization: Bearer KEY'" : '';
  const lines = {
    zh: [
      `演示服务已启动，载入了 ${items} 条样例反馈。数据库是临时的，按 Ctrl-C 停止后即删除。`,
      '',
      `  接口文档      ${url}/docs`,
      `  紧急的反馈    ${url}/v1/feedback?priority=P1`,
      `  全部反馈      ${url}/v1/feedback`,
      `  试一条        curl${key} -d '{"text":"我的账户被盗了，刚刚有人提走了12000 USDT"}' ${url}/classify`,
      '',
      asksForKey ? '请在每次请求中附上 API_KEYS 里的一个密钥。' : '只有本机能访问，不需要密钥。',
    ],
    en: [
      `The demo is running with ${items} samples loaded. Its database is temporary and goes when you press Ctrl-C.`,
      '',
      `  API reference   ${url}/docs`,
      `  Urgent items    ${url}/v1/feedback?priority=P1`,
      `  All items       ${url}/v1/feedback`,
      `  Try one         curl${key} -d '{"text":"I was not hacked, just asking how 2FA works"}' ${url}/classify`,
      '',
      asksForKey
        ? 'Send one of the keys of API_KEYS with every request.'
        : 'Only this machine can reach it; it asks for no key.',
    ],
  };
  return lines[language].join('\n');
}
