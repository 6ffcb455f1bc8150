import { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import { visibleText } from '../text/storable.ts';
import { AGENT_LANGUAGES, PRESENCES } from '../triage/assignment.ts';
import type { Routing } from '../triage/routing.ts';

const MAX_NAME = 100;
const MAX_SKILLS = 100;
export const MAX_CAPACITY = 200;

const isDistinct = (list: readonly string[]) => new Set(list).size === list.length;

const shape = {
  name: visibleText(MAX_NAME).describe(
    'By which colleagues know them; no two agents have the same, whatever the capitals.',
  ),
  languages: z
    .array(z.enum(AGENT_LANGUAGES))
    .min(1)
    .refine(isDistinct, 'must not name one twice')
    .describe('In which they answer. Messages in both at once go to those who have both.'),
  skills: z
    .array(z.string().min(1).max(64))
    .max(MAX_SKILLS)
    .refine(isDistinct, 'must not name one twice')
    .describe('Keys of the queues whose items they take.'),
  capacity: z
    .int()
    .min(1)
    .max(MAX_CAPACITY)
    .describe('Load that they can carry, in the weights of `data/routing.yaml`: a P1 counts 4, a P4 1, as shipped.'),
  presence: z
    .enum(PRESENCES)
    .describe('Only who is `available` is given items; going away keeps those that are there.'),
};

/** The body of `POST /v1/agents`. */
export const newAgentSchema = z
  .strictObject({ ...shape, presence: shape.presence.default('offline') })
  .meta({ id: 'NewAgent' });
export type NewAgent = z.infer<typeof newAgentSchema>;

/** The body of `PATCH /v1/agents/{id}`. */
export const agentChangeSchema = z
  .strictObject(shape)
  .partial()
  .refine(
    (change) => Object.values(change).some((value) => value !== undefined),
    'must give at least one of name, languages, skills, capacity, presence',
  )
  .meta({ id: 'AgentChange' });
export type AgentChange = z.infer<typeof agentChangeSchema>;

const instant = z.iso.datetime();

/** An agent as the API shows them. */
export const agentSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    languages: z.array(z.enum(AGENT_LANGUAGES)),
    skills: z.array(z.string()),
    capacity: z.int(),
    presence: z.enum(PRESENCES),
    load: z.int().describe('Weights of the open items that they have.'),
    open_items: z.int(),
    created_at: instant,
    updated_at: instant,
    last_assigned_at: instant.nullable().describe('Their place in the order of turns.'),
    version: z.int().describe('Grows with every change of the agent; being given an item is none.'),
  })
  .meta({ id: 'Agent' });
export type AgentView = z.infer<typeof agentSchema>;

/** By which names are told apart (Unicode NFKC, no capitals, single spaces). */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/** @throws AppError `invalid_input` naming each skill that is no queue, with the queues there are */
export function checkSkills({ queues }: Routing, skills: readonly string[] = []): void {
  const known = queues.map(({ key }) => key);
  const errors: FieldError[] = skills.flatMap((skill, at) =>
    known.includes(skill)
      ? []
      : [{ pointer: `/skills/${at}`, message: `is no queue; must be one of: ${known.join(', ')}` }],
  );
  if (errors.length === 0) return;
  throw new AppError('invalid_input', `Not accepted: ${errors.map(({ pointer }) => pointer).join(', ')}.`, { errors });
}
