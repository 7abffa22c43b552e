import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from './command-line.ts';
import { buildSite } from './docs/build-site.ts';

const command = new Command('npm run docs --')
  .description('Builds the documentation as a static site.')
  .option('--out <dir>', 'the folder of the site; it is emptied first', 'site');

await runCommand(command, async () => {
  const { out } = command.opts<{ out: string }>();
  const started = performance.now();
  const count = await buildSite(out);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${out}: ${count} pages in ${seconds} s; open ${out}/index.html\n`);
  return 0;
});
