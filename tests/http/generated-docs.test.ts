import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { OpenApi } from '../../scripts/describe-api.ts';
import { generateDocs } from '../../scripts/generate-docs.ts';
import { PROJECT_ROOT } from '../../src/config.ts';
import { openTestService } from '../_util/context.ts';

it('keeps the pages that are made from the code (otherwise: npm run docs)', async () => {
  await using service = await openTestService();
  const openapi = (await (await service.app.request('/openapi.json')).json()) as OpenApi;
  for (const [name, made] of Object.entries(await generateDocs(openapi))) {
    expect(await readFile(path.join(PROJECT_ROOT, name), 'utf8'), name).toBe(made);
  }
});
