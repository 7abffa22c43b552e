import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { findChromium, withPage, type Files } from './browser.ts';
import { commandOf, installExample, runCommandIn } from './install.ts';
import { bundleConsumer, installTools, readAddress, withMock, type Step, type Workplace } from './workplace.ts';

const withoutChromium = { skipped: 'install Chromium, or name it by CHROMIUM_PATH' };

/** A person's entries on the example's page, and what the page says then. */
const entries = [
  { field: 'sendCallTo', value: '3235742879', says: /^Transferred\.$/ },
  { field: 'sendCallTo', value: 'nobody', says: /^The number to send it to is no telephone number\.$/ },
  { field: 'phoneCallId', value: 'a0', says: /^This call has ended\.$/ },
  { field: 'phoneCallId', value: '..', says: /^Not transferred: phoneCallId must be .* was not sent\.$/ },
];

/** Pages in Chromium, on a server that forwards the API to the mock. */
export const pageSteps: readonly Step[] = [
  {
    name: 'the example browser-page transfers a call of the mock in Chromium',
    async run(workplace) {
      const chromium = findChromium();
      if (chromium === undefined) return withoutChromium;
      const example = await installed('browser-page', workplace);
      const html = await readFile(join(example, 'index.html'), 'utf8');
      const files = { '/': html, '/page.js': await bundleConsumer(example, 'page.ts') };
      await withMock((api) => withPage(chromium, files, api, enterAll));
    },
  },
  {
    name: 'a page that Vite builds transfers a call of the mock in Chromium',
    async run(workplace) {
      const { tools, project } = workplace;
      const chromium = findChromium();
      if (chromium === undefined) return withoutChromium;
      const missing = await installTools(workplace, ['vite']);
      if (missing !== undefined) return missing;
      const build = ['build', 'page', '--outDir', '../built', '--emptyOutDir'];
      await runCommandIn(project, ['node', commandOf(tools, 'vite'), ...build]);
      const files: Files = { '/': await readFile(join(project, 'built', 'index.html'), 'utf8') };
      for (const path of globSync(join(project, 'built', 'assets', '*.js'))) {
        files[`/assets/${basename(path)}`] = await readFile(path, 'utf8');
      }
      await withMock((api) =>
        withPage(chromium, files, api, async (page) => {
          const title = await readUntil(
            () => page.title(),
            (read) => read !== 'Waiting',
          );
          if (title !== 'moved b817d2618fe6f1804333') throw new Error(`the page says ${title}`);
        }),
      );
    },
  },
];

async function enterAll(page: Page): Promise<void> {
  for (const { field, value, says } of entries) {
    await page.fill(`input[name=${field}]`, value);
    await page.click('button');
    const said = await readUntil(
      async () => (await page.textContent('[role=status]')) ?? '',
      (text) => says.test(text),
    );
    if (!says.test(said)) throw new Error(`${field} ${value}: expected ${says}, came ${said}`);
  }
}

/**
 * Returns what was read when it was as awaited, or the last of a minute. Reads from outside of the page, since the
 * policy of the example's page lets nothing be evaluated in it.
 */
async function readUntil(read: () => Promise<string>, isAwaited: (text: string) => boolean): Promise<string> {
  const end = Date.now() + 60_000;
  for (;;) {
    const text = await read();
    if (isAwaited(text) || Date.now() > end) return text;
    await sleep(100);
  }
}

const token = 'example';

/** The examples, each installed from the packed package. */
export const exampleSteps: readonly Step[] = [
  {
    name: 'the example fastify-server compiles, and conforms to the contract',
    async run(workplace) {
      const example = await installed('fastify-server', workplace);
      await runCommandIn(example, ['npm', 'run', '-s', 'typecheck']);
      const server = spawn('node', ['start.ts'], { cwd: example, env: { ...process.env, PORT: '0', TOKEN: token } });
      try {
        const conformance = ['npx', 'transfer-conformance', await readAddress(server)] as const;
        await runCommandIn(example, conformance, { CONFORMANCE_TOKEN: token });
      } finally {
        server.kill();
      }
    },
  },
  {
    name: 'the example vitest-project tests its own code against the mock',
    async run(workplace) {
      await runCommandIn(await installed('vitest-project', workplace), ['npm', 'test']);
    },
  },
];

function installed(name: string, { folder, tarball, conformance }: Workplace): Promise<string> {
  return installExample(name, folder, [tarball, conformance]);
}
