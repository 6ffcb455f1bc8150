import { openEngine } from '../context.ts';
import { AppError } from '../errors.ts';
import { classify } from '../feedback/classify.ts';
import { classifyRequestSchema } from '../intake/request.ts';
import { type AddCommand, createRuntime, languageOption } from './command.ts';
import { describeDecision } from './describe.ts';
import { showProgress } from './progress.ts';
import { TEXT } from './text.ts';

/** `classify "text"`: one decision with its reasons, for a person. */
export const addClassify: AddCommand = (program, signal) => {
  program
    .command('classify')
    .description('decide about one message and show why')
    .argument('<text>', 'what the customer wrote')
    .option('--subject <text>', 'the subject of a mail')
    .option('--channel <channel>', 'where it came from')
    .option('--tier <tier>', 'the customer’s tier, such as vip')
    .option('--prior-contacts <count>', 'earlier contacts about the same matter')
    .option('--open-positions', 'the customer has open positions')
    .option('--json', 'print the decision as JSON')
    .addOption(languageOption())
    .action(async (text: string, flags) => {
      const customer = {
        ...(flags.tier && { tier: flags.tier }),
        ...(flags.priorContacts !== undefined && { prior_contacts_same_matter: Number(flags.priorContacts) }),
        ...(flags.openPositions && { open_positions: true }),
      };
      const parsed = classifyRequestSchema.safeParse({
        text,
        customer,
        ...(flags.subject && { subject: flags.subject }),
        ...(flags.channel && { channel: flags.channel }),
      });
      if (!parsed.success) {
        throw new AppError(
          'invalid_input',
          parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
        );
      }
      const runtime = createRuntime(signal, 'interactive');
      const training = showProgress(TEXT.training[flags.lang as 'zh' | 'en']);
      await using engine = await openEngine({ ...runtime, onProgress: training.update });
      training.end();
      const { decision } = await classify(engine, parsed.data, { signal });
      console.log(
        flags.json
          ? JSON.stringify(decision, undefined, 2)
          : describeDecision(decision, engine.policy, runtime.config.TIME_ZONE, flags.lang),
      );
    });
};
