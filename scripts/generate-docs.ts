import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import pino from 'pino';
import { EXIT_MEANINGS } from '../src/cli/exit.ts';
import { loadConfig, PROJECT_ROOT, settingsSchema } from '../src/config.ts';
import { openContext } from '../src/context.ts';
import { createApp } from '../src/http/app.ts';
import { describeApi, type OpenApi } from './describe-api.ts';

const SETTINGS = /(<!-- settings:[^\n]*-->\n)[\s\S]*?(<!-- end of settings -->)/u;

const EXITS = /(<!-- exit codes:[^\n]*-->\n)[\s\S]*?(<!-- end of exit codes -->)/u;

/** The pages that are made from the code, by name. */
export async function generateDocs(openapi: OpenApi): Promise<Record<string, string>> {
  const operations = await readFile(path.join(PROJECT_ROOT, 'docs/operations.md'), 'utf8');
  return {
    'docs/operations.md': operations
      .replace(SETTINGS, (_, open, close) => `${open}${settingsTable()}${close}`)
      .replace(EXITS, (_, open, close) => `${open}${exitTable()}${close}`),
    'docs/api.md': describeApi(openapi),
  };
}

function settingsTable(): string {
  const rows = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const parsed = schema.safeParse(undefined);
    const value =
      parsed.success && parsed.data !== undefined && parsed.data !== '' ? `\`${format('%s', parsed.data)}\`` : '';
    return `| \`${name}\` | ${name === 'ENCODER_SESSIONS' ? 'number of cores' : value} | ${schema.description ?? ''} |`;
  });
  return ['', '| variable | default | meaning |', '|---|---|---|', ...rows, '', ''].join('\n');
}

function exitTable(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ['', '| code | meaning |', '|---|---|', ...rows, '', ''].join('\n');
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'feedback-triage-docs-'));
  try {
    const config = loadConfig({ DATA_DIR: folder });
    await using context = await openContext({ config, logger: pino({ level: 'warn' }) });
    const jobs = {
      enqueue: async () => undefined,
      listWaiting: async () => [],
      findLive: async () => new Set<string>(),
      withdraw: async () => undefined,
    };
    const answer = await createApp(context, jobs).request('/openapi.json');
    const pages = await generateDocs((await answer.json()) as OpenApi);
    for (const [name, text] of Object.entries(pages)) await writeFile(path.join(PROJECT_ROOT, name), text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('generate-docs.ts')) await main();
