import { Command } from 'commander';

import { runCommand } from '../../conformance/cli/command-line.ts';
import { buildConformance } from './build-conformance.ts';
import { buildPackage } from './build.ts';

const command = new Command('npm run build --')
  .description('Builds what the package transfer-contract ships into dist/.')
  .option('--conformance <dir>', 'builds the package transfer-conformance into this folder instead');

await runCommand(command, async () => {
  const { conformance } = command.opts<{ conformance?: string }>();
  if (conformance === undefined) await buildPackage();
  else await buildConformance(conformance);
  console.log(`${conformance ?? 'dist'} built in ${process.uptime().toFixed(1)} s`);
  return 0;
});
