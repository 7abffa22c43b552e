import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { findChromium, launchChromium } from './browser/chromium.ts';
import { bundleConsumer } from './consumer-size.ts';
import { installExample } from './example.ts';
import { withMock } from './mock.ts';
import { withPageServer, type Files } from './page-server.ts';
import type { Step } from './step.ts';

/** What a person enters, and what the page says then. */
const entries = [
  { field: 'sendCallTo', value: '3235742879', says: /^Transferred\.$/ },
  { field: 'sendCallTo', value: 'nobody', says: /^The number to send it to is no telephone number\.$/ },
  { field: 'phoneCallId', value: 'a0', says: /^This call has ended\.$/ },
  { field: 'phoneCallId', value: '..', says: /^Not transferred: phoneCallId must be .* was not sent\.$/ },
];

/** The example of a page, as a bundle without eval, in Chromium. */
export const browserSteps: readonly Step[] = [
  {
    name: 'the example browser-page transfers a call of the mock in Chromium',
    async run(workplace) {
      const chromium = findChromium();
      if (chromium === undefined) return { skipped: 'install Chromium, or name it by CHROMIUM_PATH' };
      const example = await installExample('browser-page', workplace);
      const files: Files = {
        '/': { type: 'text/html', text: await readFile(join(example, 'index.html'), 'utf8') },
        '/page.js': { type: 'text/javascript', text: await bundleConsumer(example, 'page.ts') },
        '/favicon.ico': { type: 'image/png', text: '' },
      };
      await withMock((api) => withPageServer(files, api, (url) => usePage(chromium, url)));
    },
  },
];

async function usePage(chromium: string, url: string): Promise<void> {
  const chrome = await launchChromium(chromium);
  try {
    const page = await chrome.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    for (const entry of entries) await enter(page, entry);
    if (complaints.length > 0) throw new Error(`the page fails: ${complaints.join('; ')}`);
  } finally {
    await chrome.close();
  }
}

async function enter(page: Page, { field, value, says }: (typeof entries)[number]): Promise<void> {
  const status = page.getByRole('status');
  await status.evaluate((element) => (element.textContent = ''));
  await page.locator(`[name=${field}]`).fill(value);
  await page.getByRole('button').click();
  const filled = page.getByRole('status').filter({ hasText: /./ });
  const came = (await filled.textContent({ timeout: 10_000 })) ?? '';
  if (!says.test(came)) throw new Error(`${field} ${value}: expected ${says}, the page says: ${came}`);
}
