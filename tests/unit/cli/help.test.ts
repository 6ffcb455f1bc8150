import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { EXIT_MEANINGS } from '../../../src/cli/exit.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { PROJECT_ROOT } from '../../../src/config.ts';

/** The program, with what it says on standard error and output. */
function makeProgram() {
  const said: string[] = [];
  const program = createProgram(new AbortController().signal, (error) => {
    throw error;
  });
  const write = (text: string) => said.push(text);
  for (const { command } of [{ command: program }, ...listCommands(program)])
    command.configureOutput({ writeErr: write, writeOut: write });
  return { program, said };
}

/** Every command with its words, those below another included. */
function listCommands(command: Command, before: readonly string[] = []): { words: string[]; command: Command }[] {
  return command.commands.flatMap((inner) => {
    const words = [...before, inner.name()];
    return [{ words, command: inner }, ...listCommands(inner, words)];
  });
}

const { program: shared } = makeProgram();
const commands = listCommands(shared);

test('there are the commands that the documents name', () => {
  expect(commands.map(({ words }) => words.join(' '))).toEqual(
    expect.arrayContaining([
      'triage',
      'classify',
      'serve',
      'demo',
      'eval triage',
      'eval classify',
      'eval all',
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

  test.each<[string, string[]]>([
    ['the program', []],
    ...commands.map(({ words }): [string, string[]] => [words.join(' '), words]),
  ])('%s --help lists every exit code', async (_name, words) => {
    const { program, said } = makeProgram();
    await expect(program.parseAsync(['node', 'x', ...words, '--help'])).rejects.toMatchObject({ exitCode: 0 });
    for (const [code, meaning] of Object.entries(EXIT_MEANINGS))
      expect(said.join('')).toMatch(new RegExp(`^ {2}${code} +${meaning}$`, 'm'));
  });

  test('the exit codes in the documents are the same', async () => {
    const page = await readFile(path.join(PROJECT_ROOT, 'docs/operations.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
    expect(rows).toEqual(Object.entries(EXIT_MEANINGS));
  });

  test('the version is that of package.json', async () => {
    const { version } = JSON.parse(await readFile(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
    expect(makeProgram().program.version()).toBe(version);
  });
});

describe('a mistake in the call', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['explode'], /unknown command 'explode'/],
    ['an unknown option', ['triage', 'x', '--fast'], /unknown option '--fast'/],
    ['a missing argument', ['triage'], /missing required argument 'file'/],
    ['one argument too many', ['classify', 'a', 'b'], /too many arguments/],
    ['a limit of none', ['triage', 'x', '--limit', '0'], /--limit.*whole number from 1\./],
    ['half an item', ['triage', 'x', '--limit', '1.5'], /--limit.*whole number from 1\./],
    ['an unknown format', ['triage', 'x', '--format', 'xml'], /--format.*Allowed choices are jsonl, csv, lines/],
    ['an unknown encoding', ['triage', 'x', '--encoding', 'klingon'], /--encoding.*must be utf-8, gb18030/],
    ['an encoding that lines cannot be found in', ['triage', 'x', '--encoding', 'utf-16'], /--encoding.*but utf-16/],
    ['an unknown language', ['classify', 'x', '--lang', 'fr'], /--lang.*Allowed choices are zh, en/],
    [
      'an unknown channel',
      ['classify', 'x', '--channel', 'fax'],
      /--channel.*Allowed choices are survey, email, .*other/,
    ],
    ['no number', ['classify', 'x', '--prior-contacts', 'many'], /--prior-contacts.*whole number from 0 to 10000/],
    ['too large a number', ['classify', 'x', '--prior-contacts', '10001'], /--prior-contacts.*from 0 to 10000/],
    ['an exponent', ['classify', 'x', '--prior-contacts', '1e3'], /--prior-contacts.*whole number/],
    ['a message that is none', ['classify', '  '], /<text>: must hold at least one visible character/],
    ['a subject that is too long', ['classify', 'x', '--subject', 'y'.repeat(501)], /--subject: must have at most 500/],
    ['a tier that is too long', ['classify', 'x', '--tier', 'y'.repeat(65)], /--tier: /],
    ['a name that cannot be a key’s', ['keys', 'new', 'a b'], /must have 1 to 64 letters/],
  ])('%s is refused before anything is done, saying what is accepted', async (_name, args, message) => {
    const { program, said } = makeProgram();
    await expect(program.parseAsync(['node', 'feedback-triage', ...args])).rejects.toBeInstanceOf(CommanderError);
    expect(said.join('')).toMatch(message);
  });
});
