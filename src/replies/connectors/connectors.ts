import type { Config } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { CONNECTOR_NAMES, type Connector, type ConnectorName, DELIVERIES, type Delivery } from './connector.ts';
import { smtp } from './smtp.ts';
import { webhook } from './webhook.ts';

export const CONNECTORS: Readonly<Record<ConnectorName, Connector>> = { webhook, smtp };

/** By mail where that is possible: it reaches the customer without anything in between. */
const PREFERENCE = ['smtp', 'webhook'] as const satisfies readonly ConnectorName[];

/** The connector that brings a message to the customer of an item by itself, if there is one. */
export function chooseConnector(config: Config, hasEmail: boolean): ConnectorName | undefined {
  return PREFERENCE.find((name) => whyUnusable(config, name, hasEmail) === undefined);
}

/** @throws AppError `invalid_input` naming what is lacking, and by which other ways it could be sent */
export function checkDelivery(config: Config, delivery: Delivery, hasEmail: boolean): void {
  if (delivery === 'elsewhere') return;
  const why = whyUnusable(config, delivery, hasEmail);
  if (why === undefined) return;
  const others = DELIVERIES.filter(
    (other) => other === 'elsewhere' || whyUnusable(config, other, hasEmail) === undefined,
  );
  throw new AppError('invalid_input', 'It cannot be sent in this way.', {
    errors: [{ pointer: '/send', message: `must be ${others.join(' or ')}, because ${why}` }],
  });
}

function whyUnusable(config: Config, name: ConnectorName, hasEmail: boolean): string | undefined {
  const { setting, needsEmail } = CONNECTORS[name];
  if (config[setting] === undefined) return `${setting} is not set`;
  if (needsEmail && !hasEmail) return 'the item was submitted without `customer.email`';
  return undefined;
}

/** The channel over which a reply to an item of the channel `own` goes. */
export function channelOf(delivery: Delivery, own: string): string {
  return (delivery === 'elsewhere' ? undefined : CONNECTORS[delivery].channel) ?? own;
}

/** @throws RangeError for a delivery that the service does not make by itself */
export function connectorOf(delivery: string): Connector {
  const name = CONNECTOR_NAMES.find((known) => known === delivery);
  if (name === undefined) throw new RangeError('a reply is queued for no connector');
  return CONNECTORS[name];
}
