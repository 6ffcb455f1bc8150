import { type Command, Option } from 'commander';
import { z } from 'zod';
import { openEngine } from '../context.ts';
import { classify } from '../feedback/classify.ts';
import { type ClassifyRequest, classifyRequestSchema } from '../intake/request.ts';
import { CHANNELS, MAX_PRIOR_CONTACTS } from '../triage/facts.ts';
import { type AddCommand, createRuntime, languageOption, languageSchema, wholeNumber } from './command.ts';
import { describeDecision } from './describe.ts';
import { EXIT } from './exit.ts';
import { showProgress } from './progress.ts';
import { TEXT } from './text.ts';
import { print } from './write-to.ts';

const flagsSchema = z.object({
  subject: z.string().optional(),
  channel: z.enum(CHANNELS).optional(),
  tier: z.string().optional(),
  priorContacts: z.int().optional(),
  openPositions: z.boolean().optional(),
  json: z.boolean().default(false),
  lang: languageSchema,
});
type Flags = z.infer<typeof flagsSchema>;

/** What a field of the request is called on the command line. */
const FLAG_OF: Readonly<Record<string, string>> = {
  text: '<text>',
  subject: '--subject',
  'customer.tier': '--tier',
};

/** `classify "text"`: one decision with its reasons, for a person. */
export const addClassify: AddCommand = (program, signal) => {
  const command = program
    .command('classify')
    .description('decide about one message and show why')
    .argument('<text>', 'what the customer wrote')
    .option('--subject <text>', 'the subject of a mail')
    .addOption(new Option('--channel <channel>', 'where it came from').choices(CHANNELS))
    .option('--tier <tier>', 'the customer’s tier, such as vip')
    .option('--prior-contacts <count>', 'earlier contacts about the same matter', wholeNumber(0, MAX_PRIOR_CONTACTS))
    .option('--open-positions', 'the customer has open positions')
    .option('--json', 'print the decision as JSON')
    .addOption(languageOption())
    .action(async (text: string, values: unknown) => {
      const flags = flagsSchema.parse(values);
      const request = toRequest(command, text, flags);
      const runtime = createRuntime(signal, 'interactive');
      const training = showProgress(TEXT.training[flags.lang]);
      await using engine = await openEngine({ ...runtime, onProgress: training.update });
      training.end();
      const { decision } = await classify(engine, request, { signal });
      const shown = flags.json
        ? JSON.stringify(decision, undefined, 2)
        : describeDecision(decision, engine.policy, runtime.config.TIME_ZONE, flags.lang);
      await print(shown, signal);
    });
};

/** Ends the command where a flag does not fit, naming it and what is accepted. */
function toRequest(command: Command, text: string, flags: Flags): ClassifyRequest {
  const parsed = classifyRequestSchema.safeParse({
    text,
    subject: flags.subject,
    channel: flags.channel,
    customer: {
      tier: flags.tier,
      prior_contacts_same_matter: flags.priorContacts,
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
