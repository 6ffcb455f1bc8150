import type { Engine } from '../context.ts';
import type { Embedding } from '../embedding/encoder.ts';
import type { Decision } from '../triage/decision.ts';
import type { Document } from '../triage/document.ts';
import type { Channel, CustomerFacts } from '../triage/facts.ts';
import { deriveFlagBand } from '../triage/flag-band.ts';
import { judge } from '../triage/judge.ts';
import type { Prediction } from '../triage/prediction.ts';
import { findQueue, isRestricted } from '../triage/routing.ts';
import type { Settled, SettledValues } from '../triage/settled.ts';
import { triage } from '../triage/triage.ts';

/** One message with all that a decision about it depends on. */
export interface Message {
  readonly document: Document;
  readonly embedding: Embedding;
  readonly channel: Channel;
  readonly customer: CustomerFacts;
  readonly receivedAt: Date;
  /** Distinct customers with the same matter; 0 unless given. */
  readonly reports?: number | undefined;
}

/** What decides: policy and head may be those of an earlier time. */
export interface Decider extends Pick<Engine, 'config' | 'encoder'> {
  readonly policy: Pick<Engine['policy'], 'current'>;
  readonly learned: Pick<Engine['learned'], 'head' | 'version'>;
}

/** What the head says of a message; it is the same whatever people settled. */
export function predictFor({ learned }: Decider, { document, embedding }: Message): Prediction {
  return learned.head.predict(document, embedding.vector);
}

/** The decision of rules and heads, below what people settled. */
export function decideWith(engine: Decider, message: Message, prediction: Prediction, settled?: Settled): Decision {
  const { learned, encoder, config } = engine;
  const policy = engine.policy.current;
  const { document, embedding } = message;
  return triage(
    { ...policy, timeZone: config.TIME_ZONE },
    {
      document,
      prediction,
      channel: message.channel,
      customer: message.customer,
      receivedAt: message.receivedAt,
      reports: message.reports,
      tokens: embedding.tokens,
      truncated: embedding.truncated,
      settled,
      versions: {
        model: encoder.info.hash.slice(0, 12),
        taxonomy: policy.versions.taxonomy,
        rules: policy.versions.rules,
        sla: policy.versions.sla,
        routing: policy.versions.routing,
        head: learned.version,
      },
    },
  );
}

/**
 * Decides anew about an item that lies in a queue. What lies in a restricted one stays among restricted queues, whatever
 * is corrected: it leaves them only when a person hands it over and says why.
 *
 * @returns the decision, and what is settled now: the queue too when the item is held there
 */
export function decideAgain(
  engine: Decider,
  message: Message,
  prediction: Prediction,
  item: { readonly queue: string; readonly settled: SettledValues },
): { decision: Decision; settled: SettledValues } {
  const { routing } = engine.policy.current;
  const decision = decideWith(engine, message, prediction, { by: 'person', values: item.settled });
  const isHeld = findQueue(routing, item.queue)?.restricted === true && !isRestricted(routing, decision.queue);
  if (!isHeld) return { decision, settled: item.settled };
  const settled = { ...item.settled, queue: item.queue };
  return { decision: decideWith(engine, message, prediction, { by: 'person', values: settled }), settled };
}

/** A decision, and what of it is the same under other facts. */
export interface Decided {
  readonly decision: Decision;
  readonly prediction: Prediction;
}

/** Decides about a message that no person has seen: as a person did about one that says the same, where there is one. */
export function decide(engine: Decider & Pick<Engine, 'precedents'>, message: Message): Decided {
  const prediction = predictFor(engine, message);
  const { vector } = message.embedding;
  const settled = engine.precedents.find(vector, engine.learned.head.model.mean, () =>
    deriveFlagBand(judge(engine.policy.current, { ...message, prediction })),
  );
  return { decision: decideWith(engine, message, prediction, settled), prediction };
}
