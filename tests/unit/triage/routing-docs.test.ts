import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../../src/config.ts';
import { newAgentSchema } from '../../../src/routing/agent.ts';
import { WARNINGS } from '../../../src/routing/assign-request.ts';
import { isRestricted, routingSchema } from '../../../src/triage/routing.ts';

const page = await readFile(path.join(PROJECT_ROOT, 'docs/routing.md'), 'utf8');

it('the routing document of docs/routing.md is one', () => {
  const routing = routingSchema.parse(parse(/```yaml\n([\s\S]*?)```/u.exec(page)?.[1] ?? ''));
  expect(routing.queues.filter(({ key }) => isRestricted(routing, key)).map(({ key }) => key)).toEqual(['fraud']);
});

it('the agent of docs/routing.md is one', () => {
  const body = /-d '(\{[\s\S]*?\})'/u.exec(page)?.[1] ?? '';
  expect(newAgentSchema.parse(JSON.parse(body))).toMatchObject({ name: '林静', presence: 'available' });
});

it('docs/routing.md names every warning', () => {
  for (const code of Object.keys(WARNINGS)) expect(page).toContain(`\`${code}\``);
});
