import { expect, it } from 'vitest';
import { describeEndingCalendars } from '../../../src/triage/calendar-reach.ts';
import { openSla } from '../../../src/triage/sla.ts';
import { makePolicy, makeSla, NINE_TO_SIX } from '../../_util/sla.ts';
import { loadCore } from '../../_util/triage.ts';

const [always, office] = makePolicy().calendars;
const limited = { ...office, known_through: 2026 };
const warnings = (day: string, calendars: unknown[] = [always, limited]) =>
  describeEndingCalendars(makeSla({ calendars }), new Date(day));

it('says 60 days ahead, and from then on, that the holidays of a calendar in use end', () => {
  expect(warnings('2026-11-01T12:00:00Z')).toEqual([]);
  for (const day of ['2026-11-03T12:00:00Z', '2027-06-01T12:00:00Z']) {
    expect(warnings(day)).toHaveLength(1);
    expect(warnings(day)[0]).toMatch(/calendar office are entered through 2026\. From 2027 on .* raise known_through/u);
  }
});

it('says nothing of calendars without an end, or that nothing is counted by', async () => {
  expect(warnings('2030-01-01T00:00:00Z', [always, office])).toEqual([]);
  const unused = { ...limited, name: 'unused', hours: NINE_TO_SIX };
  expect(warnings('2030-01-01T00:00:00Z', [always, office, unused])).toEqual([]);
  const shipped = openSla((await loadCore()).policy.sla, 'Asia/Shanghai');
  expect(describeEndingCalendars(shipped, new Date('2030-01-01T00:00:00Z'))).toEqual([]);
});
