import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCalendar } from '../../../src/triage/calendar-schema.ts';
import { type Pause, runningTimeBetween } from '../../../src/triage/pauses.ts';
import { deriveDeadlines, openSla } from '../../../src/triage/sla.ts';
import { type ClockedItem, deriveClock } from '../../../src/triage/sla-clock.ts';
import { deriveNextLook, deriveTellings, type SweptItem } from '../../../src/triage/sla-sweep.ts';
import { sceneArbitrary } from '../../_util/calendars.ts';
import { MinuteClock } from '../../_util/minute-clock.ts';
import { makePolicy, makeSla } from '../../_util/sla.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

// First response within an hour round the clock; solution within two office days (Mon to Wed, 9 to 18).
const sla = makeSla();
const RECEIVED = '2026-11-02T12:00:00+08:00';
const at = (time: string) => new Date(`2026-11-${time}+08:00`);
const item = (rest: Partial<SweptItem> = {}): SweptItem => ({
  priority: 'P3',
  receivedAt: new Date(RECEIVED),
  pauses: [],
  facts: {},
  firstRespondedAt: undefined,
  resolvedAt: undefined,
  breaches: {},
  warned: {},
  ...rest,
});
const firstAt = (time: string, rest: Partial<ClockedItem> = {}) => deriveClock(sla, item(rest), at(time)).firstResponse;
const solutionAt = (time: string, rest: Partial<ClockedItem> = {}) => {
  const { resolution } = deriveClock(sla, item(rest), at(time));
  if (resolution === undefined) throw new Error('a solution is promised');
  return resolution;
};

describe('the clock of the first response', () => {
  it.each([
    ['02T12:00:00', 'running', 60, 0],
    ['02T12:30:00', 'running', 30, 0.5],
    ['02T12:45:00', 'warned', 15, 0.75],
    ['02T13:00:00', 'warned', 0, 1],
    ['02T13:00:01', 'breached', 0, 3601 / 3600],
    ['02T14:00:00', 'breached', 0, 2],
  ])('at %s it is %s', (time, state, minutes, usedShare) => {
    expect(firstAt(time)).toEqual({
      state,
      dueAt: at('02T13:00:00'),
      warnAt: at('02T12:45:00'),
      remainingMs: minutes * MINUTE_MS,
      usedShare,
    });
  });

  it('stands when somebody has answered: in time up to the very moment, late behind it', () => {
    expect(firstAt('20T12:00:00', { firstRespondedAt: at('02T13:00:00') })).toMatchObject({
      state: 'met',
      usedShare: 1,
    });
    expect(firstAt('20T12:00:00', { firstRespondedAt: at('02T12:15:00') })).toMatchObject({
      state: 'met',
      usedShare: 0.25,
      remainingMs: 45 * MINUTE_MS,
    });
    expect(firstAt('20T12:00:00', { firstRespondedAt: at('02T14:00:00') })).toMatchObject({
      state: 'met_late',
      usedShare: 2,
    });
  });

  it('has used nothing where the clock of the machine was set back', () => {
    expect(firstAt('02T11:00:00')).toMatchObject({ state: 'running', remainingMs: HOUR_MS, usedShare: 0 });
    expect(solutionAt('01T11:00:00')).toMatchObject({ state: 'running', remainingMs: 18 * HOUR_MS, usedShare: 0 });
  });

  it('does not stand while the customer is waited for', () => {
    expect(firstAt('02T13:30:00', { pauses: [{ from: at('02T12:05:00'), to: null }] }).state).toBe('breached');
  });
});

describe('the clock of the solution', () => {
  const pauses: Pause[] = [{ from: at('02T18:00:00'), to: at('04T09:00:00') }];

  it('stands during a pause, and goes on behind it', () => {
    expect(solutionAt('02T17:00:00', { pauses })).toMatchObject({ state: 'running', usedShare: 5 / 18 });
    expect(solutionAt('03T12:00:00', { pauses })).toMatchObject({ state: 'paused', usedShare: 6 / 18 });
    expect(solutionAt('04T10:00:00', { pauses })).toMatchObject({ state: 'running', remainingMs: 11 * HOUR_MS });
    expect(solutionAt('04T10:00:00', { pauses }).dueAt).toEqual(at('09T12:00:00'));
  });

  it('has no date during an open pause; a breach before it stays one', () => {
    const open = [{ from: at('03T09:00:00'), to: null }];
    expect(solutionAt('30T09:00:00', { pauses: open })).toMatchObject({
      state: 'paused',
      dueAt: undefined,
      usedShare: 6 / 18,
    });
    const late = [{ from: at('05T09:00:00'), to: null }];
    expect(solutionAt('06T09:00:00', { pauses: late })).toMatchObject({ state: 'breached', dueAt: at('04T12:00:00') });
  });

  it('stands when it is solved, also in a pause', () => {
    expect(solutionAt('30T09:00:00', { pauses, resolvedAt: at('03T12:00:00') })).toMatchObject({
      state: 'met',
      usedShare: 6 / 18,
    });
    expect(solutionAt('30T09:00:00', { resolvedAt: at('04T12:00:01') }).state).toBe('met_late');
  });

  it('is not there where no solution is promised', () => {
    const { P1 } = makePolicy().priorities;
    const without = { ...P1, resolution: null };
    const none = makeSla({ priorities: { P1: without, P2: without, P3: without, P4: without } });
    expect(deriveClock(none, item(), at('30T09:00:00')).resolution).toBeUndefined();
    expect(deriveTellings(none, item(), at('30T09:00:00')).item.breaches).toEqual({
      first_response: { dueAt: at('02T13:00:00'), priority: 'P3' },
    });
  });
});

describe('a change of the priority', () => {
  const { P1, P4 } = makePolicy().priorities;
  const slow = { ...P4, first_response: { duration: '24h', calendar: 'always' } };
  const graded = makeSla({ priorities: { P1, P2: P1, P3: slow, P4: slow } });

  it('counts from the receipt: nothing that has run is lost', () => {
    const raised = deriveClock(graded, item({ priority: 'P1' }), at('02T12:50:00')).firstResponse;
    expect(raised).toMatchObject({ state: 'warned', dueAt: at('02T13:00:00'), remainingMs: 10 * MINUTE_MS });
  });

  it('downwards leaves a missed deadline on record', () => {
    const now = at('02T14:00:00');
    const { breaches } = deriveTellings(graded, item({ priority: 'P1' }), now).item;
    expect(breaches).toEqual({ first_response: { dueAt: at('02T13:00:00'), priority: 'P1' } });
    const lowered = item({ priority: 'P4', breaches });
    expect(deriveClock(graded, lowered, now).firstResponse).toMatchObject({
      state: 'breached',
      dueAt: at('03T12:00:00'),
    });
    const answered = { ...lowered, firstRespondedAt: at('02T15:00:00') };
    expect(deriveClock(graded, answered, now).firstResponse.state).toBe('met_late');
  });

  it('upwards leaves an answer in time that was given in time', () => {
    const answered = { priority: 'P1' as const, firstRespondedAt: at('02T20:00:00') };
    const [before, now] = [at('03T12:00:00'), at('03T09:00:00')];
    expect(deriveClock(graded, item({ ...answered, answerDueAt: before }), now).firstResponse).toMatchObject({
      state: 'met',
      dueAt: before,
    });
    expect(deriveClock(graded, item(answered), now).firstResponse.state).toBe('met_late');
  });

  it('keeps the first record, and records an answer that came late', () => {
    const first = { first_response: { dueAt: at('02T13:00:00'), priority: 'P1' as const } };
    const lowered = deriveTellings(graded, item({ priority: 'P4', breaches: first }), at('10T00:00:00')).item;
    expect(lowered.breaches.first_response).toEqual(first.first_response);
    const late = item({ priority: 'P1', firstRespondedAt: at('02T13:30:00') });
    expect(deriveTellings(graded, late, at('02T13:40:00')).item.breaches.first_response?.priority).toBe('P1');
  });
});

describe('what is told of deadlines, and when to look again', () => {
  const told = (time: string, of: SweptItem) =>
    deriveTellings(sla, of, at(time)).tellings.map(({ what, deadline }) => `${deadline} ${what}`);

  it('a warning, then a breach, of each deadline; each once', () => {
    let open = item();
    const story: unknown[] = [];
    for (let look = deriveNextLook(sla, open); look !== undefined; look = deriveNextLook(sla, open)) {
      expect(story.length).toBeLessThan(10);
      const { tellings, item: next } = deriveTellings(sla, open, new Date(look.getTime() + 1));
      story.push([look.toISOString(), ...tellings.map(({ what, deadline }) => `${deadline} ${what}`)]);
      open = next;
    }
    expect(story).toEqual([
      [at('02T12:45:00').toISOString(), 'first_response warned'],
      [at('02T13:00:00').toISOString(), 'first_response breached'],
      [at('03T16:30:00').toISOString(), 'resolution warned'],
      [at('04T12:00:00').toISOString(), 'resolution breached'],
    ]);
    expect(told('30T09:00:00', open)).toEqual([]);
  });

  it('after a standstill the breaches only', () => {
    const { tellings, item: after } = deriveTellings(sla, item(), at('10T00:00:00'));
    expect(tellings.map(({ what }) => what)).toEqual(['breached', 'breached']);
    expect(deriveNextLook(sla, after)).toBeUndefined();
  });

  it('nothing of what is done in time; what was done late even afterwards', () => {
    const done = item({ firstRespondedAt: at('02T12:10:00'), resolvedAt: at('03T12:00:00') });
    expect(told('30T09:00:00', done)).toEqual([]);
    expect(deriveNextLook(sla, done)).toBeUndefined();
    const late = item({ firstRespondedAt: at('02T13:10:00'), resolvedAt: at('03T12:00:00') });
    expect(deriveNextLook(sla, late)).toEqual(at('02T13:00:00'));
    expect(told('30T09:00:00', late)).toEqual(['first_response breached']);
  });

  it('a first answer is not missed any more when all is solved', () => {
    expect(told('30T09:00:00', item({ resolvedAt: at('02T12:30:00') }))).toEqual([]);
  });

  it('nothing more during an open pause', () => {
    const waiting = item({ firstRespondedAt: at('02T12:30:00'), pauses: [{ from: at('02T12:30:00'), to: null }] });
    expect(deriveNextLook(sla, waiting)).toBeUndefined();
    expect(told('30T09:00:00', waiting)).toEqual([]);
  });

  it('another warning under another priority', () => {
    const warned = item({ priority: 'P2', warned: { first_response: 'P1' } });
    expect(told('02T12:50:00', warned)).toEqual(['first_response warned']);
    expect(told('02T12:50:00', { ...warned, warned: { first_response: 'P2' } })).toEqual([]);
  });
});

describe('clocks are what looking once a minute gives', () => {
  const pauseArbitrary = fc.array(
    fc.record({
      from: fc.integer({ min: -1_440, max: 6 * 1_440 }),
      length: fc.option(fc.integer({ min: -60, max: 3 * 1_440 }), { freq: 6 }),
    }),
    { maxLength: 4 },
  );

  it('for any calendar, zone, start and pauses', () => {
    const scene = fc.record({
      place: sceneArbitrary,
      plan: pauseArbitrary,
      wish: fc.integer({ min: 1, max: 3_000 }),
      elapsed: fc.integer({ min: -60, max: 6 * 1_440 }),
    });
    fc.assert(
      fc.property(scene, ({ place: { definition, zone, start, weekMinutes }, plan, wish, elapsed }) => {
        const minutes = Math.min(wish, weekMinutes);
        const target = { duration: `${minutes}m`, calendar: 'shop' };
        const promise = { first_response: target, resolution: target };
        const policy = makePolicy({
          calendars: [definition],
          priorities: { P1: promise, P2: promise, P3: promise, P4: promise },
        });
        const pauses = plan.map(({ from, length }) => ({
          from: instant(start + from),
          to: length === null ? null : instant(start + from + length),
        }));
        const received = { priority: 'P3' as const, receivedAt: instant(start), facts: {}, pauses };
        const model = new MinuteClock(definition, zone);
        const reach = start + 60 * 1_440;
        const found = deriveDeadlines(openSla(policy, zone), received);
        expect(minuteOf(found.firstResponseAt)).toBe(model.add(start, minutes, reach));
        expect(minuteOf(found.resolveAt)).toBe(model.add(start, minutes, reach, pauses));
        const calendar = openCalendar(definition, zone);
        const used = runningTimeBetween(calendar, instant(start), instant(start + elapsed), pauses);
        expect(used / MINUTE_MS).toBe(model.between(start, start + elapsed, pauses));
      }),
      { numRuns: 700 },
    );
  });

  function instant(minute: number): Date {
    return new Date(minute * MINUTE_MS);
  }
  function minuteOf(date: Date | undefined): number | undefined {
    return date && date.getTime() / MINUTE_MS;
  }
});
