import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT_ROOT, settingsSchema } from '../../src/config.ts';

const read = (name: string) => readFileSync(path.join(PROJECT_ROOT, name), 'utf8');
const settings = new Set(Object.keys(settingsSchema.shape));

const serviceSchema = z.object({
  image: z.string(),
  user: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
});
const composeSchema = z.object({ services: z.object({ triage: serviceSchema, database: serviceSchema }) });

describe('compose.yaml', () => {
  const { services } = composeSchema.parse(parse(read('compose.yaml')));

  it.each(Object.entries(services))('%s runs without rights that it does not need', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.healthcheck.test[0]).toBe('CMD');
  });

  it('publishes the service on loopback and the database nowhere', () => {
    expect(services.triage.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(services.database.ports).toEqual([]);
  });

  it('holds no secret itself and refuses to start without one', () => {
    expect(services.triage.environment.API_KEYS).toMatch(/^\$\{API_KEYS:\?/);
    expect(services.triage.environment.DATABASE_URL).toMatch(/:\$\{POSTGRES_PASSWORD:\?[^}]+\}@database:/);
    expect(services.database.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    const example = [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)];
    expect(example.map(([, name, value]) => [name, value])).toEqual([
      ['POSTGRES_PASSWORD', ''],
      ['API_KEYS', ''],
      ['VAULT_KEY', ''],
    ]);
  });

  it('sets only what the service reads, and keeps its data in the volume of the image', () => {
    expect(Object.keys(services.triage.environment).filter((name) => !settings.has(name))).toEqual([]);
    expect(services.triage.volumes).toEqual([`triage-data:${environmentOfImage().DATA_DIR}`]);
    expect(services.triage.depends_on).toEqual({ database: { condition: 'service_healthy' } });
  });
});

describe('Dockerfile', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  const last = stages.at(-1) ?? '';

  it('copies only what exists and what .dockerignore lets through', () => {
    const allowed = new Set([...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name));
    const copies = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const sources = copies.flatMap(([, list = '']) => list.split(' '));
    expect(sources.filter((name) => !existsSync(path.join(PROJECT_ROOT, name)))).toEqual([]);
    expect(sources.filter((name) => !allowed.has(name))).toEqual([]);
    expect([...allowed].filter((name = '') => !sources.includes(name))).toEqual([]);
  });

  it('runs as a numbered user, without a shell, and stops on SIGTERM', () => {
    expect(last).toMatch(/^USER (?!0)\d+:(?!0)\d+$/m);
    expect(last.indexOf('\nUSER ')).toBeGreaterThan(last.lastIndexOf('\nRUN '));
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    for (const instruction of ['ENTRYPOINT', 'CMD', ' {2}CMD']) {
      expect(last).toMatch(new RegExp(`^${instruction} \\[".*"\\]$`, 'm'));
    }
  });

  it('takes only production packages into the image', () => {
    const installs = stages.map((stage) => stage.match(/npm ci[^&\n]*/)?.[0].trim());
    expect(installs).toEqual(['npm ci', 'npm ci --omit=dev', undefined]);
    expect(last).toContain('COPY --from=dependencies /app/node_modules ./node_modules');
  });

  it('sets only what the service reads, on a volume', () => {
    const { NODE_ENV, ...rest } = environmentOfImage();
    expect(NODE_ENV).toBe('production');
    expect(settingsSchema.partial().strict().safeParse(rest).error?.issues ?? []).toEqual([]);
    expect(last).toContain(`\nVOLUME ${rest.DATA_DIR}\n`);
  });
});

function environmentOfImage(): Record<string, string> {
  const block = /^ENV ((?:.*\\\n)*.*)$/m.exec(read('Dockerfile'))?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
}
