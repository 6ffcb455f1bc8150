import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATA_FOLDER, openContext } from '../context.ts';
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
        const training = showProgress(TEXT.training[lang]);
        await using context = await openContext({ ...runtime, config, onProgress: training.update });
        training.end();
        const file = path.join(DATA_FOLDER, 'samples', 'feedback.jsonl');
        const { stored } = await triageFile(
          context,
          { file, encoding: 'utf-8', language: lang, signal },
          () => undefined,
        );
        await runService(context, { ...runtime, config }, (url) =>
          console.log(invitation(url, stored?.created ?? 0, lang)),
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
};

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
