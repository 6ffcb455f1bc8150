import { betaQuantile } from './distributions.ts';

/** Customers that came in some time, and how long that was. */
export interface Rate {
  readonly customers: number;
  /** Days, each weighed by what is usual on its weekday. */
  readonly days: number;
}

/** How many times as many customers come per day as before. */
export interface Growth {
  readonly ratio: number;
  /** Ninety per cent interval. */
  readonly low: number;
  readonly high: number;
}

/** Weight of the prior: half a customer at the pooled rate, on either side (Jeffreys' prior for a Poisson rate). */
const PRIOR_CUSTOMERS = 0.5;
const TAIL = 0.05;

/**
 * Growth of a rate with gamma-Poisson counts: with a gamma for each rate, their ratio follows from a beta distribution,
 * so that two customers after one make a wide interval rather than a doubling.
 */
export function compareRates(now: Rate, before: Rate): Growth {
  const days = now.days + before.days;
  if (days === 0 || now.days === 0 || before.days === 0) return { ratio: 1, low: 0, high: Number.POSITIVE_INFINITY };
  const pooled = Math.max(now.customers + before.customers, 1) / days;
  const prior = PRIOR_CUSTOMERS / pooled;
  const [nowShape, nowRate] = [now.customers + PRIOR_CUSTOMERS, now.days + prior];
  const [oldShape, oldRate] = [before.customers + PRIOR_CUSTOMERS, before.days + prior];
  const ratioAt = (share: number) => {
    const part = betaQuantile(share, nowShape, oldShape);
    return (part / (1 - part)) * (oldRate / nowRate);
  };
  return { ratio: nowShape / nowRate / (oldShape / oldRate), low: ratioAt(TAIL), high: ratioAt(1 - TAIL) };
}
