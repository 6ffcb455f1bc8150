import type { Context, Engine } from '../context.ts';
import { AppError, type ErrorCode } from '../errors.ts';
import { type Classified, classify } from '../feedback/classify.ts';
import { submitFeedback } from '../feedback/submit.ts';
import { type FileItem, type ReadOptions, readItems } from '../intake/read-items.ts';
import type { FeedbackRequest } from '../intake/request.ts';
import type { Decision } from '../triage/decision.ts';
import { inOrder } from './in-order.ts';
import { showProgress } from './progress.ts';
import { TEXT, type UiLanguage } from './text.ts';

export interface TriageFileOptions extends ReadOptions {
  readonly limit?: number | undefined;
  readonly language: UiLanguage;
  readonly signal: AbortSignal;
  /** Gets every message that is decided and not stored. */
  onDecided?(line: number, request: FeedbackRequest, classified: Classified): void;
}

/** One decided line. `text` is masked. */
export interface TriageResult {
  readonly line: number;
  readonly external_id?: string;
  readonly id?: string;
  readonly text: string;
  readonly decision: Decision;
}

/** What became of a line: a decision, or why there is none. */
export type LineOutcome = TriageResult | { readonly line: number; readonly problem: string };

/** Counted while the work goes on, so that whoever stops it can tell what was done. */
export interface Tally {
  decided: number;
  /** Decided, and handed on in their order. */
  written: number;
  problems: number;
  /** With `--store`: newly stored, and known before. */
  created: number;
  existed: number;
}

/** Messages in work at once. */
const CONCURRENCY = 16;
/** Lines that may wait for an earlier one, or for whoever takes the outcomes. */
const WINDOW = 512;
/** Failures that the next line would meet as well. */
const FOR_ALL_LINES = new Set<ErrorCode>(['storage_full', 'database_unavailable', 'encoder_unavailable', 'cancelled']);

export function newTally(): Tally {
  return { decided: 0, written: 0, problems: 0, created: 0, existed: 0 };
}

/**
 * Decides about the items of a file, several at once; with a `Context` it also stores them. `onOutcome` gets the lines
 * in the order of the file, as soon as they are decided; while it is busy, reading waits. No result is kept here.
 *
 * @param tally counts what is done, also when this fails
 * @throws the signal's reason; AppError of the file, the encoder or the database that concerns every line
 */
export async function triageFile(
  context: Engine | Context,
  options: TriageFileOptions,
  onOutcome: (outcome: LineOutcome) => Promise<void> | void,
  tally: Tally = newTally(),
): Promise<Tally> {
  const progress = showProgress(TEXT.reading[options.language]);
  try {
    await inOrder({
      source: (signal) => firstItems({ ...options, signal }),
      work: (item, signal) => decideLine(context, item, { ...options, signal }, tally),
      emit: async (outcome) => {
        await onOutcome(outcome);
        if ('problem' in outcome) tally.problems++;
        else tally.written++;
        progress.update(tally.written + tally.problems);
      },
      concurrency: Math.min(CONCURRENCY, context.config.ENCODER_QUEUE),
      window: WINDOW,
      signal: options.signal,
    });
  } finally {
    progress.end();
  }
  return tally;
}

/** As many as are wanted; what comes after the last is not waited for. */
async function* firstItems(options: TriageFileOptions): AsyncGenerator<FileItem> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  for await (const item of readItems(options)) {
    yield item;
    left--;
    if (left <= 0) return;
  }
}

async function decideLine(
  context: Engine | Context,
  item: FileItem,
  options: Pick<TriageFileOptions, 'signal' | 'onDecided'>,
  tally: Tally,
): Promise<LineOutcome> {
  if ('problem' in item) return item;
  const { line, request } = item;
  try {
    const result = await ('database' in context
      ? store(context, line, request, options.signal, tally)
      : decideOnly(context, line, request, options));
    tally.decided++;
    return result;
  } catch (error) {
    if (!(error instanceof AppError) || FOR_ALL_LINES.has(error.code)) throw error;
    return { line, problem: error.message };
  }
}

async function decideOnly(
  engine: Engine,
  line: number,
  request: FeedbackRequest,
  { signal, onDecided }: Pick<TriageFileOptions, 'signal' | 'onDecided'>,
): Promise<TriageResult> {
  const classified = await classify(engine, request, { signal });
  onDecided?.(line, request, classified);
  const { decision, document } = classified;
  return { line, ...identity(request), text: document.masked.text, decision };
}

async function store(
  context: Context,
  line: number,
  request: FeedbackRequest,
  signal: AbortSignal,
  tally: Tally,
): Promise<TriageResult> {
  const { status, item } = await submitFeedback(context, request, {
    actor: { kind: 'operator', command: 'triage' },
    signal,
  });
  if (status === 201) tally.created++;
  else tally.existed++;
  return {
    line,
    ...identity(request),
    id: item.id,
    text: item.subject ? `${item.subject}\n${item.text}` : item.text,
    decision: item.decision,
  };
}

function identity({ external_id }: FeedbackRequest): { external_id?: string } {
  return external_id === undefined ? {} : { external_id };
}
