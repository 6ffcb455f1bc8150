import { Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { addClassify } from '../../../src/cli/classify.ts';
import { addDatabaseCommands } from '../../../src/cli/database.ts';
import { addDemo } from '../../../src/cli/demo.ts';
import { addEval } from '../../../src/cli/eval.ts';
import { addKeys } from '../../../src/cli/keys.ts';
import { addServe } from '../../../src/cli/serve.ts';
import { addTriage } from '../../../src/cli/triage.ts';

function makeProgram(): Command {
  const program = new Command('feedback-triage').exitOverride().configureOutput({ writeErr: () => undefined });
  const { signal } = new AbortController();
  for (const add of [addTriage, addClassify, addServe, addDemo, addEval, addDatabaseCommands, addKeys]) {
    add(program, signal);
  }
  return program;
}

/** Every command with its words, those below another included. */
function listCommands(command: Command, before: readonly string[] = []): { words: string[]; command: Command }[] {
  return command.commands.flatMap((inner) => {
    const words = [...before, inner.name()];
    return [{ words, command: inner }, ...listCommands(inner, words)];
  });
}

const commands = listCommands(makeProgram());

test('there are the commands that the documents name', () => {
  expect(commands.map(({ words }) => words.join(' '))).toEqual(
    expect.arrayContaining([
      'triage',
      'classify',
      'serve',
      'demo',
      'eval triage',
      'migrate',
      'backup',
      'restore',
      'keys new',
    ]),
  );
});

describe('help', () => {
  test.each(commands.map(({ words, command }) => [words.join(' '), command] as const))(
    '%s says what it does, and what each argument and option is for',
    (name, command) => {
      expect(command.description().length).toBeGreaterThan(10);
      for (const { description } of [...command.registeredArguments, ...command.options]) {
        expect({ name, description }).toEqual({ name, description: expect.stringMatching(/.{8,}/) });
      }
      expect(command.helpInformation()).toMatch(/^Usage: feedback-triage /);
    },
  );
});

describe('a mistake in the call', () => {
  test.each([
    ['an unknown command', ['explode']],
    ['an unknown option', ['triage', 'x', '--fast']],
    ['a missing argument', ['triage']],
    ['one argument too many', ['classify', 'a', 'b']],
    ['a limit of none', ['triage', 'x', '--limit', '0']],
    ['half an item', ['triage', 'x', '--limit', '1.5']],
    ['an unknown format', ['triage', 'x', '--format', 'xml']],
    ['an unknown language', ['classify', 'x', '--lang', 'fr']],
    ['a name that cannot be a key’s', ['keys', 'new', 'a b']],
  ])('%s is refused before anything is done', async (_name, args) => {
    const call = makeProgram().parseAsync(['node', 'feedback-triage', ...args]);
    await expect(call).rejects.toBeInstanceOf(CommanderError);
  });
});
