import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import type { JsonObject } from '../conformance/contract/json.ts';
import { readRegister } from '../conformance/contract/register.ts';
import { registerPage, readRegisterRows } from './generate/register.ts';
import { compareFolders, type Difference } from './generate/compare-folders.ts';
import { describeFailure } from './generate/describe-failure.ts';
import { generate } from './generate/generate.ts';
import { generatedFolder, registerFile } from './generate/places.ts';

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
      out: { type: 'string', default: generatedFolder },
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
    const differences = await compareFolders(folder, freshFolder);
    return folder === generatedFolder ? [...differences, ...(await registerDifferences(freshFolder))] : differences;
  } finally {
    await rm(freshFolder, { recursive: true, force: true });
  }
}

/** Whether the register's page is that of the register and of the contract as it would be generated now. */
async function registerDifferences(freshFolder: string): Promise<Difference[]> {
  const document = JSON.parse(await readFile(join(freshFolder, 'openapi.json'), 'utf8')) as JsonObject;
  const page = await readFile(registerFile, 'utf8').catch(() => undefined);
  if (page === registerPage(readRegisterRows(document, readRegister()))) return [];
  return [{ path: join('..', registerFile), kind: page === undefined ? 'missing' : 'changed' }];
}

function report(specification: string, folder: string, differences: readonly Difference[]): void {
  if (differences.length === 0) {
    console.log(`${folder} is what ${specification} generates`);
    return;
  }
  for (const { path, kind } of differences) console.error(`${join(folder, path)}: ${explanations[kind]}`);
  console.error(`${folder} is not what ${specification} generates: run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}
