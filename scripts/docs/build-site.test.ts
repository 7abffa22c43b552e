import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from './build-site.ts';
import { navigation } from './pages.ts';
import { renderMarkdown } from './render-markdown.ts';

const folder = await mkdtemp(join(tmpdir(), 'site-'));
afterAll(() => rm(folder, { recursive: true }));

describe('the site', () => {
  beforeAll(() => buildSite(join(folder, 'site')), 120_000);

  const files = navigation.flatMap(({ pages }) => pages.map(({ file }) => file));

  test.each(files)('has %s', async (file) => {
    const page = await readFile(join(folder, 'site', file), 'utf8');
    expect(page).toMatch(/^\s*<!doctype html>/i);
  });

  test.each(files.filter((file) => !file.includes('/') && file !== 'contract.html'))(
    '%s links to nothing that is not there',
    async (file) => {
      const page = await readFile(join(folder, 'site', file), 'utf8');
      const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(5);
      const broken = await Promise.all(links.map((link) => problemOf(link, file)));
      expect(broken.filter(Boolean)).toEqual([]);
    },
  );

  test('its sample tells the two faults of its server', async () => {
    const report = JSON.parse(await readFile(join(folder, 'site/sample-report/report.json'), 'utf8')) as {
      findings: { requirements: string[] }[];
    };
    const requirements = report.findings.flatMap((finding) => finding.requirements);
    expect(requirements).toContain('body/send-call-to-invalid');
    expect(requirements.some((id) => id.startsWith('body/transfer-from'))).toBe(true);
  });

  /** What is wrong with a link of a page, if it leads into the site. */
  async function problemOf(link: string, file: string): Promise<string | undefined> {
    if (/^[a-z]+:/i.test(link)) return undefined;
    const [path = '', fragment] = link.split('#');
    const target = path === '' ? join(folder, 'site', file) : join(folder, 'site', dirname(file), path);
    const kind = await stat(target).catch(() => undefined);
    if (kind === undefined) return `${link}: no such file`;
    if (fragment === undefined || kind.isDirectory()) return undefined;
    return (await readFile(target, 'utf8')).includes(`id="${fragment}"`) ? undefined : `${link}: no such heading`;
  }
});

test('a folder with something else in it is left alone', async () => {
  await writeFile(join(folder, 'precious.txt'), 'mine');
  await expect(buildSite(folder)).rejects.toThrow(/holds something else than a site: name another with --out\.$/);
  expect(await readdir(folder)).toContain('precious.txt');
});

test('links lead to pages where their file has one, and to a copy of the file elsewhere', () => {
  const page = renderMarkdown(
    { source: 'conformance/README.md' },
    '[a](../README.md#two-commands) [b](PROOF.md) [c](target/guard.ts) [d](https://example.com/) [e](#here)',
  );
  expect([...page.html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link)).toEqual([
    'index.html#two-commands',
    'proof.html',
    'files/conformance/target/guard.ts',
    'https://example.com/',
    '#here',
  ]);
  expect(page.linkedFiles).toEqual(['conformance/target/guard.ts']);
});
