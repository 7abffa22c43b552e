import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** The programs that open a file in the desktop's browser, by platform; `xdg-open` on all others. */
const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** The time in which an opener may fail, in milliseconds. One that is a browser itself stays until it is closed. */
const patience = 2000;

/**
 * Opens a file in the browser that BROWSER names, or in the desktop's. BROWSER is a list of commands, of which the first
 * is taken; the address stands at %s, or at the end.
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
  const [browser = ''] = (environment.BROWSER ?? '').split(delimiter);
  const words = browser === '' ? (openers[platform] ?? ['xdg-open']) : browser.split(' ').filter(Boolean);
  const withAddress = browser.includes('%s') ? words : [...words, '%s'];
  const [program = '', ...others] = withAddress.map((word) => word.replaceAll('%s', () => href));
  const opener = spawn(program, others, { detached: true, stdio: 'ignore', env: environment });
  try {
    const [code] = await Promise.race([once(opener, 'exit'), wait(patience, [0], { ref: false })]);
    if (code === 0) return undefined;
    throw new Error(`ended with ${String(code)}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'is not there' : message;
    return `${file} is not opened: ${program} ${problem}. Open it by hand, or name a browser in BROWSER.`;
  } finally {
    opener.unref();
  }
}
