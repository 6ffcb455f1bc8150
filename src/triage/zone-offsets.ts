import { LRUCache } from 'lru-cache';
import { IANAZone } from 'luxon';

/** A stretch of time in which the clocks of a zone keep one distance from UTC, milliseconds since 1970 throughout. */
export interface OffsetSpan {
  readonly from: number;
  readonly until: number;
  /** Local time minus UTC. */
  readonly offsetMs: number;
}

export const DAY_MS = 86_400_000;
/** What is worked out and kept at once: so many days cost as many questions to Intl, some 2 ms the first time. */
const CHUNK_MS = 64 * DAY_MS;
/** Chunks of all zones together. */
const MAX_CHUNKS = 5_000;

const chunks = new LRUCache<string, readonly OffsetSpan[]>({ max: MAX_CHUNKS });

/** True for a name that the IANA time zone database of this runtime knows. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/**
 * The span around an instant. It may end where nothing changes; it never reaches over a change of the clocks.
 *
 * @throws RangeError for an instant or a zone that does not exist
 */
export function findOffset(zone: string, at: number): OffsetSpan {
  const chunk = Math.floor(at / CHUNK_MS);
  const key = `${zone} ${chunk}`;
  let spans = chunks.get(key);
  if (spans === undefined) {
    spans = [...listSpans(zone, chunk * CHUNK_MS, (chunk + 1) * CHUNK_MS)];
    chunks.set(key, spans);
  }
  const found = spans.find(({ until }) => at < until);
  if (found === undefined) throw new RangeError(`there is no time ${at} in the zone ${zone}`);
  return found;
}

/** Looks once a day: no zone changes its clocks and takes it back within one. */
function* listSpans(zone: string, from: number, until: number): Generator<OffsetSpan> {
  let begun = from;
  let offset = offsetAt(zone, from);
  for (let at = from; at < until; at += DAY_MS) {
    const next = offsetAt(zone, at + DAY_MS);
    if (next === offset) continue;
    const change = findChange(zone, at, at + DAY_MS);
    yield { from: begun, until: change, offsetMs: offset };
    begun = change;
    offset = next;
  }
  if (begun < until) yield { from: begun, until, offsetMs: offset };
}

/** The first millisecond with the offset of `after`, by halving. */
function findChange(zone: string, before: number, after: number): number {
  const offset = offsetAt(zone, after);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

function offsetAt(zone: string, at: number): number {
  const minutes = IANAZone.create(zone).offset(at);
  if (Number.isNaN(minutes)) throw new RangeError(`there is no time ${at} in the zone ${zone}`);
  return minutes * 60_000;
}
