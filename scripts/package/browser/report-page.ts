import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

/** How a page is looked at. */
export interface View {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** What stands behind the `#` of its address. */
  readonly fragment?: string;
}

/** A page that is open, and what it did that it must not do. */
export interface OpenPage {
  readonly page: Page;
  /** The addresses that it asked for beside its own, and what its console complained of. */
  readonly complaints: readonly string[];
}

/** Opens a report, cut off from everything else. */
export async function openReport(browser: Browser, file: string, view: View = {}): Promise<OpenPage> {
  const { width = 1280, colorScheme = 'light', fragment = '' } = view;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const { href } = pathToFileURL(file);
  await page.route('**', (route) => {
    const url = route.request().url();
    if (url.split('#')[0] === href) return route.continue();
    complaints.push(`request ${url}`);
    return route.abort();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
  await page.goto(`${href}${fragment}`);
  return { page, complaints };
}
