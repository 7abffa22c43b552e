import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContract } from '../../../contract/contract.ts';
import { sampleCase, sampleExchange, sampleReport, sampleRequirement } from '../../testing/samples.ts';
import { measureCoverage } from '../../coverage.ts';
import { judge } from '../../verdict.ts';
import { htmlReport } from './page.ts';
import { findChromium, launchChromium, openReport, type View } from '../../../../scripts/package/browser.ts';
import { makeTemporaryFolder } from '../../../testing/temporary-folder.ts';

const chromium = findChromium();
if (chromium === undefined) {
  process.stderr.write('The HTML report is not tried in a browser: install Chromium, or name it by CHROMIUM_PATH.\n');
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const hostile = '</script><img src="https://example.com/x.png" onerror="document.title=1">\u202e\0';
const requirements = [
  sampleRequirement,
  { ...sampleRequirement, id: 'body/text', level: 'SHOULD' as const },
  { ...sampleRequirement, id: 'path/call' },
  { ...sampleRequirement, id: 'path/user', excluded: 'No request proves it.' },
];
const cases = [
  sampleCase('fail', { title: hostile }, hostile),
  sampleCase('warn', { id: 'body/text/long', requirement: 'body/text' }, '7'),
  sampleCase('unreached', { reason: 'no call was live' }),
  sampleCase('pass', {
    id: 'path/call/plain',
    requirement: 'path/call',
    exchanges: [sampleExchange, sampleExchange],
  }),
  ...Array.from({ length: 8 }, (_, index) =>
    sampleCase('pass', { id: `path/call/${index}`, requirement: 'path/call' }),
  ),
];
const all = cases.length;

const folder = makeTemporaryFolder();
const file = join(folder, 'report.html');

describe.skipIf(chromium === undefined)('the HTML report in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    const judgement = { profiles: ['core'], strict: false, partial: false };
    const coverage = measureCoverage(readContract(), ['core', 'bulk'], judge(requirements, cases, judgement));
    writeFileSync(file, htmlReport({ ...sampleReport(cases, requirements), coverage }));
    browser = await launchChromium(chromium ?? '');
  }, 120_000);
  afterAll(() => browser.close());

  /** Shows a page to a test, which must end without a request to anybody and a complaint. */
  async function show(view: View, look: (page: Page) => Promise<void>): Promise<void> {
    const { page, complaints } = await openReport(browser, file, view);
    try {
      await look(page);
      expect(complaints).toEqual([]);
    } finally {
      await page.close();
    }
  }

  const shown = (page: Page) => page.locator('.cases > li:not([hidden])').count();
  /** Opens everything that can be opened. */
  async function openAll(page: Page): Promise<void> {
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    await page
      .locator('.content')
      .nth(all - 1)
      .waitFor();
  }

  describe.each([1280, 390])('%i pixels wide', (width) => {
    test.each(['light', 'dark'] as const)('can be used by everyone, %s', async (colorScheme) => {
      await show({ width, colorScheme }, async (page) => {
        await openAll(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
        const severe = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(severe.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      });
    });

    test('needs no scrolling to the side', async () => {
      await show({ width }, async (page) => {
        await openAll(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      });
    });
  });

  test('finds cases by words, outcomes and groups, and keeps that in the address', async () => {
    await show({}, async (page) => {
      // Nothing that came from a server runs.
      expect(await page.title()).toContain('not conforming');
      expect(await page.getByRole('searchbox').isVisible()).toBe(false);
      await page.locator('#cases > details > summary').click();
      await page.getByRole('searchbox').fill('long TEXT');
      expect(await page.locator('.filter [role=status]').textContent()).toBe(`1 of ${all} cases`);
      await page.getByRole('button', { name: 'Show all' }).click();
      expect(await shown(page)).toBe(all);
      await page.getByRole('checkbox', { name: /fail/ }).check();
      await page.getByRole('checkbox', { name: /warn/ }).check();
      expect(await shown(page)).toBe(2);
      await page.getByLabel('Group').selectOption('path');
      expect(await shown(page)).toBe(0);
      expect(new URL(page.url()).hash).toBe('#cases?group=path&outcome=fail&outcome=warn');
    });
  });

  test('restores a list from its address, and leads from cells, requirements and findings to what they name', async () => {
    await show({ fragment: '#cases?q=plain&outcome=pass' }, async (page) => {
      expect(await shown(page)).toBe(1);
      expect(await page.getByRole('searchbox').inputValue()).toBe('plain');
      await page.getByRole('link', { name: 'path/user, MUST: excluded' }).click();
      expect(new URL(page.url()).hash).toBe('#requirement/path/user');
      await page.locator('[id="requirement/body/text"] a').first().click();
      await expect.poll(() => shown(page)).toBe(1);
      expect(await page.locator('.filter [role=status]').textContent()).toBe(`1 of ${all} cases, about body/text`);
      await page.locator('.finding h4 a').first().click();
      await page.locator('[id="case/body/number/fail"][open] .content').waitFor();
      expect(await page.locator('img').count()).toBe(0);
    });
  });

  test('copies the command that sends a request again', async () => {
    await show({}, async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const button = page.locator('.finding .copy').first();
      await button.click();
      await expect.poll(() => button.textContent()).toBe('Copied');
      expect(await page.locator('#announcement').textContent()).toBe('Copied');
      expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(
        /^curl -i --path-as-is -X PUT 'https:\/\/pbx\.example\.com\/api\/calls\/1' .*'\{"number":"abc"\}'$/,
      );
    });
  });

  // REPORT_PAGE=report/report.html REPORT_PICTURE=conformance/images/report.png npm run vitest -- browser.test
  const { REPORT_PAGE: shownPage = '', REPORT_PICTURE: picture = '' } = process.env;
  test.skipIf(picture === '')('gives the README its picture', async () => {
    const { page, complaints } = await openReport(browser, shownPage, { width: 1280 });
    await page.setViewportSize({ width: 1280, height: 760 });
    await page.screenshot({ path: picture });
    expect(complaints).toEqual([]);
  });

  test('is operated by keys: past the navigation, and into a case', async () => {
    await show({}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await page.locator('#cases > details > summary').press('Enter');
      await page.locator('[id="case/path/call/plain"] > summary').focus();
      await page.keyboard.press('Enter');
      await page.locator('[id="case/path/call/plain"][open] .content').waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.matches(".content a")')).toBe(true);
    });
  });
});

/** The part of axe's results that the test reads. */
interface Axe {
  readonly axe: {
    run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
  };
}
