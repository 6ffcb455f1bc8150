import type { Config } from '../../config.ts';
import type { Context } from '../../context.ts';
import type { Channel } from '../../triage/facts.ts';
import type { ReplyLanguage } from '../template.ts';

/** Ways in which an accepted reply reaches the customer. */
export const DELIVERIES = ['elsewhere', 'webhook', 'smtp'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** The ways in which the service sends by itself. */
export const CONNECTOR_NAMES = ['webhook', 'smtp'] as const satisfies readonly Delivery[];
export type ConnectorName = (typeof CONNECTOR_NAMES)[number];

/** A reply as it leaves the service. */
export interface OutgoingReply {
  readonly id: string;
  readonly kind: 'reply' | 'acknowledgement';
  readonly at: Date;
  readonly feedbackId: string;
  /** With the personal data that was written into it. */
  readonly text: string;
  readonly language: ReplyLanguage;
  readonly item: {
    readonly channel: string;
    readonly language: string;
    readonly source: string | null;
    readonly externalId: string | null;
    readonly customerRef: string | null;
  };
  /** Of the customer; only for connectors that need it. */
  readonly email: string | undefined;
}

/** Why a reply was not taken. */
export interface Refusal {
  /** Codes and names only, because it is kept and logged: nothing that the other side said in words. */
  readonly reason: string;
  /** Trying again would be refused again. */
  readonly permanent: boolean;
}

/** Hands replies over to what brings them to customers. */
export interface Connector {
  /** The setting without which there is no such connector. */
  readonly setting: 'REPLY_WEBHOOK_URL' | 'SMTP_URL';
  readonly needsEmail: boolean;
  /** By which customers get it, where that is always the same one. */
  readonly channel: Channel | undefined;
  /** @returns why it was not taken, or undefined when it was */
  send(
    context: { readonly config: Config; readonly policy: Pick<Context['policy'], 'mail'> },
    reply: OutgoingReply,
    signal: AbortSignal,
  ): Promise<Refusal | undefined>;
}
