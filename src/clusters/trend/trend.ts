import { compareRates, type Growth, type Rate } from './growth.ts';

export const TREND_STATES = ['new', 'rising', 'steady', 'falling', 'dormant'] as const;
export type TrendState = (typeof TREND_STATES)[number];

export interface Trend extends Growth {
  readonly state: TrendState;
  /** Customers of the last week. */
  readonly recent: number;
  /** Customers per week before. */
  readonly usual: number;
}

/** The days compared, and those before them that tell what is usual. */
const RECENT_DAYS = 7;
const BASELINE_DAYS = 28;
/** A cluster without anybody for so many days sleeps. */
const DORMANT_DAYS = 14;
/** A day of the past counts at most so many times the median of its days with customers: one incident is no habit. */
const DAY_CAP = 4;
/** Days of an even week that a weekday's own share is mixed with. */
const SHAPE_PRIOR = 20;

/** The share of a day's messages that is usual on each weekday (0 is Sunday), 1 on average; from counts of all days. */
export function weekdayShape(days: readonly { readonly weekday: number; readonly customers: number }[]): number[] {
  const mean = days.reduce((sum, { customers }) => sum + customers, 0) / Math.max(1, days.length) || 1;
  const shape = Array.from({ length: 7 }, (_, weekday) => {
    const own = days.filter((day) => day.weekday === weekday);
    const customers = own.reduce((sum, day) => sum + day.customers, 0);
    return (customers + SHAPE_PRIOR) / (mean * own.length + SHAPE_PRIOR);
  });
  const average = shape.reduce((sum, one) => sum + one, 0) / 7;
  return shape.map((one) => one / average);
}

/**
 * How a cluster moves against its own past.
 *
 * @param daily distinct customers per day, oldest first, the last one today; days before the cluster's first are left out
 * @param weekday weekday of the last day, 0 for Sunday
 * @param shape see `weekdayShape`
 */
export function deriveTrend(daily: readonly number[], weekday: number, shape: readonly number[]): Trend {
  const weigh = (index: number) => shape[(((weekday - (daily.length - 1 - index)) % 7) + 7) % 7] ?? 1;
  const from = Math.max(0, daily.length - RECENT_DAYS);
  const recent = rateOf(daily.map((customers, at) => ({ customers, days: weigh(at) })).slice(from));
  const past = daily
    .map((customers, at) => ({ customers, days: weigh(at) }))
    .slice(Math.max(0, from - BASELINE_DAYS), from);
  const before = rateOf(capDays(past));
  const growth = compareRates(recent, before);
  const usual = before.days === 0 ? 0 : (before.customers / before.days) * RECENT_DAYS;
  return { ...growth, recent: recent.customers, usual, state: stateOf(daily, growth) };
}

function stateOf(daily: readonly number[], { low, high }: Growth): TrendState {
  if (daily.slice(-DORMANT_DAYS).every((customers) => customers === 0)) return 'dormant';
  if (daily.length <= RECENT_DAYS) return 'new';
  if (low > 1) return 'rising';
  return high < 1 ? 'falling' : 'steady';
}

function rateOf(days: readonly Rate[]): Rate {
  return {
    customers: days.reduce((sum, { customers }) => sum + customers, 0),
    days: days.reduce((sum, day) => sum + day.days, 0),
  };
}

function capDays(days: readonly Rate[]): Rate[] {
  const rates = days.filter(({ customers }) => customers > 0).map(({ customers, days: usual }) => customers / usual);
  const median = rates.sort((left, right) => left - right)[rates.length >> 1] ?? 0;
  return days.map(({ customers, days: usual }) => ({
    customers: Math.min(customers, DAY_CAP * median * usual),
    days: usual,
  }));
}
