import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';

import { runCommand } from '../../conformance/cli/command-line.ts';
import { consumerSize } from './consumer-size.ts';
import { freshProject } from './consumer.ts';
import { packPackage } from './pack.ts';
import { repositoryFolder } from './places.ts';
import { comparedClients, installInto } from './tools.ts';

const limit = 5000;
const command = new Command('npm run package:size --').description(
  'Weighs the bundle of a consumer that only transfers, next to other clients for the same call.',
);

await runCommand(command, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'package-size-'));
  try {
    const tarball = await packPackage(folder);
    const project = await freshProject(join(folder, 'project'), tarball.file);
    await installInto(project, comparedClients);
    await cp(join(repositoryFolder, 'scripts', 'package', 'compared'), project, { recursive: true });
    return await weigh(project);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function weigh(project: string): Promise<number> {
  const own = await consumerSize(project, 'only-transfers.ts');
  print('client', 'minified', 'with gzip');
  print('transfer-contract', own.minified, own.gzip);
  for (const [name, version] of Object.entries(comparedClients)) {
    const { minified, gzip } = await consumerSize(project, `${name}.ts`);
    print(`${name} ${version}`, minified, gzip);
  }
  const { minified, gzip } = await consumerSize(project, 'only-validates.ts');
  print('its validators', minified, gzip);
  if (own.gzip < limit) return 0;
  console.error(`A consumer that only transfers ships ${own.gzip} bytes: fewer than ${limit} are promised.`);
  return 1;
}

function print(name: string, ...sizes: readonly (number | string)[]): void {
  console.log(`${name.padEnd(24)}${sizes.map((size) => String(size).padStart(10)).join('')}`);
}
