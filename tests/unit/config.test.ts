import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLoopback, loadConfig, PROJECT_ROOT, refuseRuntimeTelemetry, settingsSchema } from '../../src/config.ts';
import { AppError } from '../../src/errors.ts';

const HASH = 'a1'.repeat(32);

function refusal(environment: Record<string, string>): AppError {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('the configuration was accepted');
}
const pointers = (environment: Record<string, string>) => refusal(environment).errors.map(({ pointer }) => pointer);

describe('the configuration', () => {
  test('needs nothing: loopback, an embedded database, the shipped model', () => {
    expect(loadConfig({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      API_KEYS: [],
      MODEL_DIR: path.join(PROJECT_ROOT, 'models/multilingual-e5-small'),
      MODEL_SOURCE: 'local',
      TIME_ZONE: 'Asia/Shanghai',
      METRICS: true,
    });
    expect(loadConfig({})).not.toHaveProperty('DATABASE_URL');
  });

  test('reads numbers, flags and keys, and takes an empty variable for none', () => {
    const config = loadConfig({
      PORT: '0',
      METRICS: '0',
      ENCODER_SESSIONS: '3',
      DATABASE_URL: '',
      VAULT_KEY: '',
      API_KEYS: ` crm=${HASH} ,forum=${HASH.toUpperCase()},`,
      UNRELATED: 'x',
    });
    expect(config).toMatchObject({ PORT: 0, METRICS: false, ENCODER_SESSIONS: 3 });
    expect(config.API_KEYS).toEqual([
      { name: 'crm', sha256: HASH },
      { name: 'forum', sha256: HASH },
    ]);
  });

  test('only a command that listens needs keys for another address than loopback', () => {
    expect(pointers({ HOST: '0.0.0.0' })).toEqual(['HOST']);
    expect(loadConfig({ HOST: '0.0.0.0' }, { listens: false })).toMatchObject({ HOST: '0.0.0.0', API_KEYS: [] });
  });

  test('paths are absolute: data beside the caller, models beside the program', () => {
    const { DATA_DIR, MODEL_DIR } = loadConfig({ DATA_DIR: 'x', MODEL_DIR: 'models/other' });
    expect(DATA_DIR).toBe(path.resolve('x'));
    expect(MODEL_DIR).toBe(path.join(PROJECT_ROOT, 'models/other'));
    expect(loadConfig({ MODEL_SOURCE: 'hub', MODEL_DIR: 'intfloat/e5' }).MODEL_DIR).toBe('intfloat/e5');
  });

  test('all problems are told at once, each by its variable, without the values', () => {
    const secrets = {
      PORT: '99999',
      API_KEYS: 'crm=not-a-hash-4711',
      DATABASE_URL: 'mysql://root:pass4711@db/x',
      VAULT_KEY: 'short4711',
      TIME_ZONE: 'Mars/Olympus4711',
      LOG_LEVEL: 'loud4711',
      METRICS: 'perhaps4711',
      ENCODER_QUEUE: '-4711',
      STATEMENT_TIMEOUT_MS: '1.5',
      SMTP_URL: 'smtp://user:pass4711@',
      SMTP_FROM: 'nobody4711',
      SMTP_TLS: 'never4711',
    };
    const error = refusal(secrets);
    expect(error.code).toBe('bad_configuration');
    expect(error.errors.map(({ pointer }) => pointer).sort()).toEqual(Object.keys(secrets).sort());
    for (const name of Object.keys(secrets)) expect(error.message).toContain(`  ${name}: `);
    expect(error.message).not.toContain('4711');
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'feedback.example.com', '127.0.0.1.evil.com'])(
    'another address than loopback (%s) is refused without keys and taken with one',
    (host) => {
      expect(pointers({ HOST: host })).toEqual(['HOST']);
      expect(pointers({ HOST: host, API_KEYS: ' , ' })).toEqual(['HOST']);
      expect(refusal({ HOST: host }).message).toContain('API_KEYS');
      expect(loadConfig({ HOST: host, API_KEYS: `crm=${HASH}` }).HOST).toBe(host);
    },
  );

  test.each(['127.0.0.1', '::1', 'localhost'])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(loadConfig({ HOST: host }).HOST).toBe(host);
  });

  test.each([`=${HASH}`, `a b=${HASH}`, `crm=${HASH.slice(1)}`, `crm=${HASH}0`, 'crm', `crm=${'g'.repeat(64)}`])(
    'the key entry %s is refused',
    (entry) => {
      expect(pointers({ API_KEYS: entry })).toEqual(['API_KEYS']);
      expect(pointers({ API_KEYS: `ok=${HASH},${entry}` })).toEqual(['API_KEYS']);
    },
  );

  test.each<[string, string]>([
    ['PORT', 'eighty'],
    ['PORT', '-1'],
    ['ENCODER_SESSIONS', '0'],
    ['ENCODER_CACHE', '1e9'],
    ['MODEL_SOURCE', 'ftp'],
    ['MODEL_POOLING', 'max'],
    ['DATABASE_URL', 'localhost:5432'],
    ['VAULT_KEY', 'zz'.repeat(32)],
  ])('%s=%s is refused', (name, value) => {
    expect(pointers({ [name]: value })).toEqual([name]);
  });

  test.each([
    'smtp://mail.example.com',
    'smtps://user%40b.com:p%C3%A4ss%2F@mail.example.com:465',
    'smtp://[::1]:2525/',
  ])('the mail server %s is taken with a sender', (SMTP_URL) => {
    expect(pointers({ SMTP_URL })).toEqual(['SMTP_FROM']);
    expect(loadConfig({ SMTP_URL, SMTP_FROM: '客服 <support@b.com>', AUTO_ACKNOWLEDGE: 'chat' })).toMatchObject({
      SMTP_URL,
    });
  });

  test.each([
    'mail.example.com:587',
    'http://mail.example.com',
    'smtp://user@mail.example.com',
    'smtp://user:%ff@mail.example.com',
    'smtp://mail.example.com/?tls.rejectUnauthorized=false',
    'smtp://mail example.com',
  ])('the mail server %s is refused', (SMTP_URL) => {
    expect(pointers({ SMTP_URL, SMTP_FROM: 'support@b.com' })).toEqual(['SMTP_URL']);
  });

  test('what acknowledges needs something that sends, and is told beside all else', () => {
    expect(pointers({ AUTO_ACKNOWLEDGE: 'chat', PORT: 'x' }).sort()).toEqual(['AUTO_ACKNOWLEDGE', 'PORT']);
    expect(pointers({ SMTP_URL: 'smtp://b.com', SMTP_FROM: 'Support\r\nBcc: x@b.com <a@b.com>' })).toEqual([
      'SMTP_FROM',
    ]);
  });

  test('every setting says what it is for', () => {
    for (const [name, schema] of Object.entries(settingsSchema.shape)) {
      expect({ name, description: schema.description }).toEqual({ name, description: expect.stringMatching(/.{15,}/) });
    }
  });

  test('the runtime’s telemetry is off', () => {
    const environment: Record<string, string> = {};
    refuseRuntimeTelemetry(environment);
    expect(environment).toEqual({ ORT_DISABLE_TELEMETRY: '1' });
  });
});
