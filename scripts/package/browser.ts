import { existsSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The places where the packages of systems install Chromium. */
const knownPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Returns the path of an installed Chromium, that of CHROMIUM_PATH first; undefined if there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH } = process.env;
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...knownPaths].find((path) => existsSync(path));
}

/** Options that keep it from asking for anything by itself. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: quiet });
}

export interface View {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** The fragment of its address, with `#`. */
  readonly fragment?: string;
}

/** A page that is open, and what it did that it must not do. */
export interface OpenPage {
  readonly page: Page;
  /** The addresses that it asked for besides its own, and what its console complained of. */
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

/** The files of a page by their path. */
export type Files = Record<string, string>;

/**
 * Opens a page in Chromium, whose server has some files and forwards everything else to an API.
 *
 * @throws Error if a script of the page fails.
 */
export async function withPage(
  chromiumPath: string,
  files: Files,
  api: string,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await launchChromium(chromiumPath);
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route('**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const body = files[pathname];
      if (body !== undefined) {
        return route.fulfill({ body, contentType: pathname.endsWith('.js') ? 'text/javascript' : 'text/html' });
      }
      return route.fulfill({ response: await route.fetch({ url: `${api}${pathname}` }) });
    });
    await page.goto('http://page.example/');
    await use(page);
    if (complaints.length > 0) throw new Error(`the page fails: ${complaints.join('; ')}`);
  } finally {
    await browser.close();
  }
}
