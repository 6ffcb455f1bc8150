import { Command, type CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { addAudit } from './audit.ts';
import { addClassify } from './classify.ts';
import { addDatabaseCommands } from './database.ts';
import { addDemo } from './demo.ts';
import { addEval } from './eval.ts';
import { describeExits } from './exit.ts';
import { addKeys } from './keys.ts';
import { addKnowledge } from './knowledge.ts';
import { addModels } from './models.ts';
import { addReplies } from './replies.ts';
import { addRules } from './rules.ts';
import { addServe } from './serve.ts';
import { addTriage } from './triage.ts';

/** All commands. The signal ends the one that runs; `exit` is called after help and after a mistake in the call. */
export function createProgram(signal: AbortSignal, exit: (error: CommanderError) => never): Command {
  const program = new Command('feedback-triage')
    .description('Reads customer feedback in Chinese and English and decides what happens next.')
    .version(VERSION)
    // These two are inherited by the commands that are added later, and by no others.
    .exitOverride(exit)
    .showHelpAfterError('(add --help for what is accepted)')
    // After the help of every command below, too.
    .addHelpText('afterAll', `\n${describeExits()}`);
  const models = [addModels, addKnowledge, addReplies, addRules, addAudit, addKeys];
  for (const add of [addTriage, addClassify, addServe, addDemo, addEval, addDatabaseCommands, ...models])
    add(program, signal);
  return program;
}
