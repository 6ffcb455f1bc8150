import { z } from 'zod';
import { openEngine } from '../context.ts';
import { classify } from '../feedback/classify.ts';
import { type AddCommand, createRuntime, languageOption, languageSchema } from './command.ts';
import { describeDecision } from './describe.ts';
import { addMessageOptions, messageFlags, toRequest } from './message-options.ts';
import { showProgress } from './progress.ts';
import { TEXT } from './text.ts';
import { print } from './write-to.ts';

const flagsSchema = z.object({ ...messageFlags, json: z.boolean().default(false), lang: languageSchema });

/** `classify "text"`: one decision with its reasons, for a person. */
export const addClassify: AddCommand = (program, signal) => {
  const command = program.command('classify').description('decide about one message and show why');
  addMessageOptions(command)
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
