import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** The programs that open a file in the desktop's browser, by platform; `xdg-open` on all others. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** The time in which an opener may fail, in milliseconds. One that is a browser itself stays until it is closed. */
const patience = 2000;

/**
 * Opens a file in the browser that BROWSER names, or in the desktop's.
 *
 * @returns A remark if it could not be opened.
 */
export async function openReport(
  file: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): Promise<string | undefined> {
  if (!existsSync(file)) return `${file} is not opened: it was not written.`;
  const { href } = pathToFileURL(resolve(file));
  const [program, ...words] = commandLine(href, environment, platform);
  const problem = await problemOf(program, words, environment);
  if (problem === undefined) return undefined;
  return `${file} is not opened: ${program} ${problem}. Open it by hand, or name a browser in BROWSER.`;
}

/** BROWSER is a list of commands, of which the first is taken; the address stands at %s, or at the end. */
function commandLine(
  address: string,
  { BROWSER: browsers = '' }: NodeJS.ProcessEnv,
  platform: string,
): readonly [string, ...string[]] {
  const [browser = ''] = browsers.split(delimiter);
  const [program, ...words] = browser.split(' ').filter(Boolean);
  if (program === undefined) return [...(openers[platform] ?? ['xdg-open']), address];
  if (!browser.includes('%s')) return [program, ...words, address];
  return [program, ...words.map((word) => word.replaceAll('%s', () => address))];
}

async function problemOf(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const opener = spawn(program, words, { detached: true, stdio: 'ignore', env: environment });
  opener.unref();
  const limit = new AbortController();
  try {
    const [code] = await Promise.race([once(opener, 'exit'), wait(patience, [0], limit)]);
    return code === 0 ? undefined : `ended with ${String(code)}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : (error as Error).message;
  } finally {
    limit.abort();
  }
}
