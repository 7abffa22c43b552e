import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { findChromium } from './browser/chromium.ts';
import { takeScreenshots } from './browser/take-screenshots.ts';
import { runCommand } from './command-line.ts';
import { InputError } from './input-error.ts';

const command = new Command('npm run screenshots')
  .description('Takes the pictures of the HTML report that the README and the documentation show, from real runs.')
  .allowExcessArguments(false);

await runCommand(command, async () => {
  const chromium = findChromium();
  if (chromium === undefined) throw new InputError('There is no Chromium: install it, or name it by CHROMIUM_PATH.');
  const folder = fileURLToPath(new URL('docs/images/', import.meta.url));
  for (const picture of await takeScreenshots(chromium, folder)) process.stdout.write(`${picture}\n`);
  return 0;
});
