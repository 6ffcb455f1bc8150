import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AGENT_LANGUAGES,
  compareUrgency,
  languagesNeeded,
  PRESENCES,
  planAssignments,
  type WaitingItem,
  type Worker,
} from '../../../src/triage/assignment.ts';
import { PRIORITIES, type Priority } from '../../../src/triage/rules.ts';

const WEIGHTS = { P1: 4, P2: 3, P3: 2, P4: 1 };
const QUEUES = ['payments', 'crisis', 'general'];

const worker = (id: string, values: Partial<Worker> = {}): Worker => ({
  id,
  languages: ['zh', 'en'],
  skills: QUEUES,
  presence: 'available',
  capacity: 10,
  load: 0,
  lastAssignedAt: null,
  ...values,
});
const item = (id: string, values: Partial<WaitingItem> = {}): WaitingItem => ({
  id,
  queue: 'payments',
  language: 'zh',
  priority: 'P4',
  dueAt: 0,
  receivedAt: 0,
  ...values,
});
const plan = (items: WaitingItem[], workers: Worker[]) => planAssignments(items, workers, WEIGHTS);
const pairs = (items: WaitingItem[], workers: Worker[]) =>
  plan(items, workers).assigned.map((one) => `${one.item}→${one.agent}`);
const named = <T>(prefix: string, values: fc.Arbitrary<T>, maxLength: number) =>
  fc.array(values, { maxLength }).map((list) => list.map((one, at) => ({ ...one, id: `${prefix}${at}` })));

const anyWorkers = named(
  'w',
  fc.record({
    languages: fc.subarray([...AGENT_LANGUAGES], { minLength: 1 }),
    skills: fc.subarray(QUEUES),
    presence: fc.constantFrom(...PRESENCES),
    capacity: fc.integer({ min: 1, max: 30 }),
    load: fc.nat(30),
    lastAssignedAt: fc.option(fc.nat(1_000)),
  }),
  8,
);
const anyItems = named(
  'i',
  fc.record({
    queue: fc.constantFrom(...QUEUES, 'lost'),
    language: fc.constantFrom('zh', 'en', 'mixed', 'ja', 'und'),
    priority: fc.constantFrom(...PRIORITIES),
    dueAt: fc.nat(100),
    receivedAt: fc.nat(100),
  }),
  40,
);

describe('who gets an item', () => {
  it('the least load for its capacity, not the fewest items', () => {
    expect(
      pairs([item('a')], [worker('small', { load: 2, capacity: 4 }), worker('big', { load: 9, capacity: 20 })]),
    ).toEqual(['a→big']);
    expect(
      pairs(
        [item('a')],
        [worker('one', { load: 1, capacity: 3 }), worker('two', { load: 2, capacity: 6, lastAssignedAt: 5 })],
      ),
    ).toEqual(['a→one']);
  });

  it('of equals who was assigned longest ago, whoever never was before all others', () => {
    const [early, late, never] = [
      worker('b', { lastAssignedAt: 10 }),
      worker('a', { lastAssignedAt: 20 }),
      worker('c'),
    ];
    expect(pairs([item('x')], [late, early])).toEqual(['x→b']);
    expect(pairs([item('x')], [late, early, never])).toEqual(['x→c']);
    expect(plan([item('x'), item('y'), item('z'), item('zz')], [late, early, never]).turns).toEqual(['b', 'a', 'c']);
  });

  it.each([
    ['mixed', ['zh', 'en'], true],
    ['mixed', ['zh'], false],
    ['zh', ['zh'], true],
    ['en', ['zh'], false],
    ['ja', ['en'], true],
    ['und', ['zh'], true],
  ])('a message in %s may go to somebody who works in %j: %s', (language, languages, goes) => {
    const { assigned, waiting } = plan([item('a', { language })], [worker('w', { languages })]);
    expect([assigned.length, waiting]).toEqual(goes ? [1, []] : [0, [{ item: 'a', why: 'no_language' }]]);
  });

  it.each([
    ['no_skill', { skills: ['general'] }],
    ['no_language', { languages: ['en'] }],
    ['nobody_present', { presence: 'away' as const }],
    ['nobody_present', { presence: 'offline' as const }],
    ['no_room', { load: 10 }],
  ])('nobody, and it says why: %s', (why, values) => {
    expect(plan([item('a')], [worker('w', values)])).toEqual({
      assigned: [],
      waiting: [{ item: 'a', why }],
      turns: [],
    });
  });

  it('only a P1 goes beyond a capacity, when nobody has room, and says so', () => {
    const full = [worker('a', { load: 9 }), worker('b', { load: 12 })];
    const [p1] = plan([item('x', { priority: 'P1' })], full).assigned;
    expect(p1).toMatchObject({ agent: 'a', load: 9, capacity: 10, weight: 4, over_capacity: true, eligible: 2 });
    expect(plan([item('x', { priority: 'P2' })], full).waiting).toEqual([{ item: 'x', why: 'no_room' }]);
    const roomy = [...full, worker('c', { load: 50, capacity: 54 })];
    expect(plan([item('x', { priority: 'P1' })], roomy).assigned).toMatchObject([{ agent: 'c', over_capacity: false }]);
  });

  it('when capacity returns, the most urgent first and of the same the oldest', () => {
    const items = [
      item('late', { receivedAt: 9 }),
      item('old', { receivedAt: 1 }),
      item('due', { dueAt: -5, receivedAt: 99 }),
      item('p2', { priority: 'P2', dueAt: 500, receivedAt: 500 }),
    ];
    expect(pairs(items, [worker('w', { capacity: 5 })])).toEqual(['p2→w', 'due→w', 'old→w']);
  });
});

describe('whatever waits and whoever is there', () => {
  it('skills, languages and presence are respected, and nobody is over capacity except by a P1', () => {
    fc.assert(
      fc.property(anyItems, anyWorkers, (items, workers) => {
        const loads = new Map(workers.map(({ id, load }) => [id, load]));
        for (const { item: id, agent, over_capacity, load } of plan(items, workers).assigned) {
          const [what, who] = [items.find((one) => one.id === id), workers.find((one) => one.id === agent)];
          if (what === undefined || who === undefined) throw new Error('an unknown name');
          expect(who.skills).toContain(what.queue);
          expect(who.presence).toBe('available');
          for (const language of languagesNeeded(what.language)) expect(who.languages).toContain(language);
          expect(load).toBe(loads.get(agent));
          const after = load + WEIGHTS[what.priority];
          expect(over_capacity).toBe(after > who.capacity);
          if (over_capacity) expect(what.priority).toBe('P1');
          loads.set(agent, after);
        }
      }),
    );
  });

  it('every item is either given or waits, once; who has room and can do it leaves nothing waiting', () => {
    fc.assert(
      fc.property(anyItems, anyWorkers, (items, workers) => {
        const { assigned, waiting } = plan(items, workers);
        const all = [...assigned, ...waiting].map((one) => one.item);
        expect(all.sort()).toEqual(items.map(({ id }) => id).sort());
        const added = (id: string) =>
          assigned.filter(({ agent }) => agent === id).reduce((sum, { weight }) => sum + weight, 0);
        for (const { item: id } of waiting) {
          const what = items.find((one) => one.id === id);
          const could = workers.filter(
            ({ skills, languages, presence }) =>
              what !== undefined &&
              presence === 'available' &&
              skills.includes(what.queue) &&
              languagesNeeded(what.language).every((one) => languages.includes(one)),
          );
          const weight = WEIGHTS[what?.priority ?? 'P4'];
          // Loads grow only: who has no room at the end may have been taken by what came after.
          const isFull = (who: Worker) => who.load + added(who.id) + weight > who.capacity;
          expect(what?.priority === 'P1' ? could : could.filter((who) => !isFull(who))).toEqual([]);
        }
      }),
    );
  });

  it('the same comes out in whatever order all of it comes', () => {
    const shuffled = fc
      .tuple(anyItems, anyWorkers)
      .chain(([items, workers]) =>
        fc.tuple(
          fc.constant({ items, workers }),
          fc.shuffledSubarray(items, { minLength: items.length }),
          fc.shuffledSubarray(workers, { minLength: workers.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ items, workers }, otherItems, otherWorkers]) => {
        expect(plan(otherItems, otherWorkers)).toEqual(plan(items, workers));
      }),
    );
  });

  it('equal agents get equal shares: loads differ by at most one item', () => {
    const priorities = fc.array(fc.constantFrom<Priority>('P1', 'P2', 'P3', 'P4'), { maxLength: 200 });
    fc.assert(
      fc.property(priorities, fc.integer({ min: 2, max: 9 }), (list, count) => {
        const workers = Array.from({ length: count }, (_, at) => worker(`w${at}`, { capacity: 200 * 4 }));
        const given = plan(
          list.map((priority, at) => item(`i${at}`, { priority, receivedAt: at })),
          workers,
        ).assigned;
        const loads = workers.map(({ id }) =>
          given.filter(({ agent }) => agent === id).reduce((sum, { weight }) => sum + weight, 0),
        );
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(WEIGHTS.P1);
      }),
    );
  });

  it('over time equal agents who finish at once get the same number, one round after the other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 60 }), (count, rounds) => {
        let workers = Array.from({ length: count }, (_, at) => worker(`w${at}`));
        const got = new Map<string, number>();
        for (let at = 1; at <= rounds; at++) {
          const agent = plan([item(`i${at}`)], workers).assigned[0]?.agent ?? '';
          got.set(agent, (got.get(agent) ?? 0) + 1);
          workers = workers.map((one) => (one.id === agent ? { ...one, lastAssignedAt: at } : one));
        }
        const counts = workers.map(({ id }) => got.get(id) ?? 0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('the order of urgency is one order', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const sorted = [...items].sort(compareUrgency);
        for (const [at, one] of sorted.entries()) {
          const next = sorted[at + 1];
          if (next) expect(compareUrgency(one, next)).toBeLessThan(0);
        }
        expect(sorted.map(({ priority }) => priority)).toEqual(items.map(({ priority }) => priority).sort());
      }),
    );
  });
});
