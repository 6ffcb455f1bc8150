import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Context, DATA_FOLDER, openContext } from '../context.ts';
import { type AddCommand, createRuntime, languageOption } from './command.ts';
import { showProgress } from './progress.ts';
import { runService } from './serve.ts';
import { TEXT, type UiLanguage } from './text.ts';
import { triageFile } from './triage-file.ts';

/** `demo`: the service on a temporary database with the samples in it. */
export const addDemo: AddCommand = (program, signal) => {
  program
    .command('demo')
    .description('serve on a temporary database with the sample feedback loaded, and say what to open')
    .addOption(languageOption())
    .action(async ({ lang }: { lang: UiLanguage }) => {
      const runtime = createRuntime(signal, 'interactive');
      const folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-demo-'));
      try {
        const { DATABASE_URL: _, ...settings } = runtime.config;
        const config = { ...settings, DATA_DIR: folder };
        let created = 0;
        const open = async (onAccepted: () => void) => {
          const training = showProgress(TEXT.training[lang]);
          const context = await openContext({ ...runtime, config, onAccepted, onProgress: training.update });
          training.end();
          created = await loadSamples(context, lang, signal);
          return context;
        };
        await runService({ ...runtime, config }, open, (url) => console.log(invitation(url, created, lang)));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
};

/** Decides about the samples and keeps them; gives their number, and closes the context when it cannot. */
async function loadSamples(context: Context, language: UiLanguage, signal: AbortSignal): Promise<number> {
  const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
  try {
    const { stored } = await triageFile(context, { file, encoding: 'utf-8', language, signal }, () => undefined);
    return stored?.created ?? 0;
  } catch (error) {
    await context[Symbol.asyncDispose]();
    throw error;
  }
}

function invitation(url: string, items: number, language: UiLanguage): string {
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
