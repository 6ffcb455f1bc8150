import { AppError } from '../errors.ts';
import { CutOff, ReaderLeft, Stopped } from './exit.ts';
import type { UiLanguage } from './text.ts';
import type { Tally } from './triage-file.ts';

export interface AccountOptions {
  readonly language: UiLanguage;
  readonly tally: Tally;
  readonly stores: boolean;
  /** The file of `--out`, and whether it appears whole or not at all. */
  readonly out?: { readonly file: string; readonly isWhole: boolean } | undefined;
}

const SENTENCES = {
  zh: {
    stopped: '已停止。',
    readerLeft: '标准输出已无人读取，处理已停止。',
    done: (tally: Tally) => `已判断 ${tally.decided} 条。`,
    stored: (tally: Tally) =>
      `新保存 ${tally.created} 条，此前已有 ${tally.existed} 条；再次运行会从中断处补齐有编号的条目。`,
    untouched: (file: string) => `${file} 没有写入，保持原样。`,
    partial: (file: string, tally: Tally) => `${file} 只收到前 ${tally.written} 条结果。`,
  },
  en: {
    stopped: 'Stopped.',
    readerLeft: 'Nobody reads standard output any more, so the work was stopped.',
    done: (tally: Tally) => `${tally.decided} messages had been decided.`,
    stored: (tally: Tally) =>
      `${tally.created} of them were newly stored, ${tally.existed} were stored before; run it again for the rest: what has an external_id is not stored twice.`,
    untouched: (file: string) => `${file} was not written and is as it was.`,
    partial: (file: string, tally: Tally) => `${file} got the first ${tally.written} results only.`,
  },
} as const;

/**
 * The error that cut the work off, with what had been done by then. A fault of the program comes back as it is, and so
 * does a reader of standard output who has enough, unless a file or the database was to hold all of it.
 * Where nothing was done yet, the error alone says enough.
 */
export function accountFor(error: unknown, options: AccountOptions): unknown {
  const { language, tally, stores, out } = options;
  if (tally.decided === 0 && !(error instanceof Stopped)) return error;
  const say = SENTENCES[language];
  const done = [
    say.done(tally),
    ...(stores ? [say.stored(tally)] : []),
    ...(out ? [out.isWhole ? say.untouched(out.file) : say.partial(out.file, tally)] : []),
  ].join(' ');
  if (error instanceof AppError) return new CutOff(error.code, `${error.message}\n${done}`, { cause: error });
  if (error instanceof Stopped) return new CutOff('cancelled', `${say.stopped} ${done}`, { cause: error });
  if (error instanceof ReaderLeft && (stores || out?.isWhole))
    return new CutOff('file_error', `${say.readerLeft} ${done}`, { cause: error });
  return error;
}
