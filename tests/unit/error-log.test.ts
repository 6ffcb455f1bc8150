import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig, PROJECT_ROOT } from '../../src/config.ts';
import { SqlError } from '../../src/db/errors.ts';
import { describeError } from '../../src/error-log.ts';
import { AppError } from '../../src/errors.ts';

const CANARY = 'phone 13912345678';

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test.each<[string, () => unknown]>([
  ['JSON.parse', () => JSON.parse(CANARY)],
  ['an argument of Node', () => Buffer.from(Object.assign(() => undefined, { toString: () => CANARY }) as never)],
  ['a library', () => new RegExp(`(${CANARY}`)],
  [
    'an error that imitates a place',
    () => {
      throw new Error(`x\n    at ${path.join(PROJECT_ROOT, 'src', CANARY)}:1:1`);
    },
  ],
  [
    'a code that is a text',
    () => {
      throw Object.assign(new Error('x'), { code: CANARY });
    },
  ],
])('what %s quotes is not logged', (_name, work) => {
  const error = caught(work);
  if (!(error instanceof Error)) throw new Error('no error');
  error.cause = new Error(CANARY);
  Object.assign(error, { input: CANARY, detail: CANARY });
  const text = JSON.stringify(describeError(error));
  expect(text).not.toMatch(/1391234|phone/);
  expect(describeError(error)).toMatchObject({ type: error.constructor.name });
});

test('our own errors keep their words and their code', () => {
  expect(describeError(new AppError('storage_full', 'The disk is full.', { cause: new Error(CANARY) }))).toMatchObject({
    type: 'AppError',
    code: 'storage_full',
    message: 'The disk is full.',
  });
  const sql = describeError(new SqlError('23505', { table: 'feedback', message: CANARY }));
  expect(sql).toMatchObject({ type: 'SqlError', code: '23505', message: expect.stringContaining('feedback') });
  expect(JSON.stringify(sql)).not.toContain(CANARY);
});

test('the places in our own code are kept, relative to the project, those of libraries are not', () => {
  const error = caught(() => loadConfig({ PORT: 'x' }));
  const { stack } = describeError(error);
  expect(stack[0]).toMatch(/^src\/config\.ts:\d+:\d+$/);
  expect(stack.join(' ')).not.toMatch(/node_modules|tests/);
});

test('what is no error is told by its type', () => {
  expect([CANARY, undefined, { text: CANARY }].map(describeError)).toEqual([
    { type: 'string', stack: [] },
    { type: 'undefined', stack: [] },
    { type: 'object', stack: [] },
  ]);
});

test('a fault that nobody caught ends a service with 70 and one log line without what it quotes', () => {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const file = path.join(PROJECT_ROOT, 'tests/cli/fault.fixture.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, file], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  expect({ status, stderr }).toEqual({ status: 70, stderr: '' });
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'started' }),
    expect.objectContaining({ level: 60, err: { type: 'SyntaxError', stack: [] } }),
  ]);
});
