import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type ClassifyRequest, classifyRequestSchema } from '../intake/request.ts';
import { CHANNELS, MAX_PRIOR_CONTACTS } from '../triage/facts.ts';
import { wholeNumber } from './command.ts';
import { EXIT } from './exit.ts';

/** What is told of a message beside its text. */
export const messageFlags = {
  subject: z.string().optional(),
  channel: z.enum(CHANNELS).optional(),
  tier: z.string().optional(),
  priorContacts: z.int().optional(),
  reopened: z.int().optional(),
  openPositions: z.boolean().optional(),
};
const messageSchema = z.object(messageFlags);

/** What a field of the request is called on the command line. */
const FLAG_OF: Readonly<Record<string, string>> = {
  text: '<text>',
  subject: '--subject',
  'customer.tier': '--tier',
};

export function addMessageOptions(command: Command): Command {
  return command
    .argument('<text>', 'what the customer wrote')
    .option('--subject <text>', 'the subject of a mail')
    .addOption(new Option('--channel <channel>', 'where it came from').choices(CHANNELS))
    .option('--tier <tier>', 'the customer’s tier, such as vip')
    .option('--prior-contacts <count>', 'earlier contacts about the same matter', wholeNumber(0, MAX_PRIOR_CONTACTS))
    .option('--reopened <count>', 'how often the matter was taken up again', wholeNumber(0, MAX_PRIOR_CONTACTS))
    .option('--open-positions', 'the customer has open positions');
}

/** Ends the command where a flag does not fit, naming it and what is accepted. */
export function toRequest(command: Command, text: string, flags: z.infer<typeof messageSchema>): ClassifyRequest {
  const parsed = classifyRequestSchema.safeParse({
    text,
    subject: flags.subject,
    channel: flags.channel,
    customer: {
      tier: flags.tier,
      prior_contacts_same_matter: flags.priorContacts,
      times_reopened: flags.reopened,
      open_positions: flags.openPositions,
    },
  });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const field = path.join('.');
    return `error: ${FLAG_OF[field] ?? field}: ${message}`;
  });
  command.error(problems.join('\n'), { exitCode: EXIT.usage });
}
