import { Command } from 'commander';

import { runCommand } from './command-line.ts';
import { buildPackage } from './package/build.ts';

const command = new Command('build').description('Builds what the package ships into dist/.');

await runCommand(command, async () => {
  await buildPackage();
  console.log(`client/, generated/ → dist in ${process.uptime().toFixed(1)} s`);
  return 0;
});
