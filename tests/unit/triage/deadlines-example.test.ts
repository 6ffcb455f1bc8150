import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { PRIORITIES } from '../../../src/triage/rules.ts';
import { deriveDeadlines, openSla } from '../../../src/triage/sla.ts';
import { slaSchema } from '../../../src/triage/sla-policy.ts';
import { loadCore } from '../../_util/triage.ts';

const page = readFileSync(path.join(PROJECT_ROOT, 'docs/deadlines.md'), 'utf8');
const rows = (header: string) => {
  const table = page.slice(page.indexOf(header)).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
};
const local = (time = '') => new Date(`${time.replace(' ', 'T')}:00+08:00`);

it('the worked example of docs/deadlines.md gives the dates of its table', () => {
  const source = /```yaml\n(version: "1"\n[\s\S]+?)```/u.exec(page)?.[1] ?? '';
  const sla = openSla(slaSchema.parse(parse(source)), 'UTC');
  const cases = rows('| priority | tier |');
  expect(cases).toHaveLength(6);
  for (const [priority, tier, received, waits, first, solution] of cases) {
    const [from, to] = waits?.split(' to ') ?? [];
    const found = deriveDeadlines(sla, {
      priority: PRIORITIES.find((known) => known === priority) ?? 'P1',
      receivedAt: local(received),
      pauses: from ? [{ from: local(from), to: local(to) }] : [],
      facts: { tier: tier || undefined },
    });
    expect([priority, received, found.firstResponseAt, found.resolveAt]).toEqual([
      priority,
      received,
      local(first),
      solution === 'none' ? undefined : local(solution),
    ]);
  }
});

it('the shipped promises are those that docs/deadlines.md lists', async () => {
  const { priorities, calendars } = (await loadCore()).policy.sla;
  const say = (target: { duration: string; calendar: string } | null) =>
    target === null ? 'none' : `${target.duration.replace('h', ' h').replace('d', ' days')}, \`${target.calendar}\``;
  const shipped = PRIORITIES.map((key) => [key, say(priorities[key].first_response), say(priorities[key].resolution)]);
  expect(rows('| | first response | solution |')).toEqual(shipped);
  expect(rows('| calendar | meaning |').map(([name]) => name)).toEqual(calendars.map(({ name }) => `\`${name}\``));
});
