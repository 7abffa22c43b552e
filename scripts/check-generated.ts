import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { compareFolders, type Difference } from './generation/compare-folders.ts';
import { describeFailure } from './generation/describe-failure.ts';
import { generate } from './generation/generate.ts';

const usage = 'npm run check:generated -- [--spec FILE] [--out FOLDER]';
const explanations = {
  changed: 'changed: it differs from what the contract generates',
  missing: 'missing: the contract generates it',
  extra: 'extra: the contract does not generate it',
} as const;

try {
  const { values } = parseArgs({
    options: {
      spec: { type: 'string', default: join('spec', 'openapi.yaml') },
      out: { type: 'string', default: 'generated' },
    },
  });
  report(values.spec, values.out, await findDifferences(values.spec, values.out));
} catch (error) {
  console.error(describeFailure(error, usage));
  process.exitCode = 2;
}

async function findDifferences(specification: string, folder: string): Promise<readonly Difference[]> {
  const freshFolder = await mkdtemp(join(tmpdir(), 'generated-'));
  try {
    await generate({ specification, outputFolder: freshFolder });
    return await compareFolders(folder, freshFolder);
  } finally {
    await rm(freshFolder, { recursive: true, force: true });
  }
}

function report(specification: string, folder: string, differences: readonly Difference[]): void {
  if (differences.length === 0) {
    console.log(`${folder} is what ${specification} generates`);
    return;
  }
  for (const { path, kind } of differences) console.error(`${folder}/${path}: ${explanations[kind]}`);
  console.error(`${folder} is not what ${specification} generates: run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}
