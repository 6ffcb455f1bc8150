import type { Bilingual } from '../../triage/taxonomy.ts';

/** Why there is no rewording, for the agent. */
export const REWORDING_FAILURES = {
  crisis: {
    zh: '涉及自伤的消息不交给模型改写',
    en: 'What is said to a hint of self-harm is never given to a model',
  },
  resting: {
    zh: '模型连续多次失败，暂停一分钟后再用',
    en: 'The model failed several times in a row and is not asked for a minute',
  },
  budget: {
    zh: '模型当日的额度已用完，或不够一次请求',
    en: 'The tokens of the day are spent, or too few are left for a request',
  },
  timeout: { zh: '模型没有在规定时间内写完', en: 'The model did not finish in time' },
  unreachable: {
    zh: '连不上模型，或连接中途断开',
    en: 'The model could not be reached, or the connection broke',
  },
  refused: { zh: '模型服务拒绝了请求', en: 'The endpoint of the model refused the request' },
  too_long: { zh: '模型的回答过长', en: 'The model’s answer is too long' },
  nonsense: { zh: '模型的回答不是约定的格式', en: 'The model’s answer is not of the agreed form' },
  nothing_kept: {
    zh: '模型写的句子没有一句通过检查，或与原句相同',
    en: 'No sentence of the model passed the checks and differs from the draft',
  },
  decided: { zh: '已有人对草稿作出决定', en: 'Somebody has decided about the drafts' },
  superseded: { zh: '已生成新的草稿', en: 'Newer drafts were made' },
  interrupted: { zh: '改写中断，稍后会重试', en: 'The writing was interrupted and is tried again later' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type RewordingFailure = keyof typeof REWORDING_FAILURES;

/** What a request has cost. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** False where the endpoint did not count and the length was taken. */
  readonly isCounted: boolean;
}

export const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0, isCounted: false };

/** How a request can fail; the last is on our side. */
export type ModelFailure =
  | Extract<RewordingFailure, 'timeout' | 'unreachable' | 'refused' | 'too_long' | 'nonsense'>
  | 'stopped';

/** The model gave nothing usable; what is said of it names no content. */
export class ModelFailed extends Error {
  readonly reason: ModelFailure;

  constructor(reason: ModelFailure, detail: string, cause?: unknown) {
    super(`the model gave no usable answer: ${detail}`, { cause });
    this.name = 'ModelFailed';
    this.reason = reason;
  }
}
