import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from '../_util/browser.ts';
import { openTestService, type TestService } from '../_util/context.ts';

const executable = findBrowser();
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

describe.skipIf(executable === undefined)('the page of the API', () => {
  let service: TestService;
  let server: ReturnType<typeof serve>;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    service = await openTestService();
    server = serve({ fetch: service.app.fetch, hostname: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser(executable ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await service?.[Symbol.asyncDispose]();
  });

  it.each(Object.entries(SIZES))(
    'shows the operations on a %s, and asks nobody else for anything',
    async (_, viewport) => {
      const page = await browser.newPage({ viewport });
      const elsewhere: string[] = [];
      const errors: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(origin) && !/^(?:data|blob):/u.test(request.url())) elsewhere.push(request.url());
      });
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));

      await page.goto(`${origin}/docs`);
      await page.getByRole('heading', { name: 'feedback-triage' }).first().waitFor();
      await page.getByText('/v1/classify/batch').first().waitFor({ state: 'attached' });

      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      expect(elsewhere).toEqual([]);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  it('says where the document is when scripts are off', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${origin}/docs`);
    expect(await page.getByRole('link', { name: '/openapi.json' }).isVisible()).toBe(true);
    await context.close();
  });
});
