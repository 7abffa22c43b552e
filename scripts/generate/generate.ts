import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readRegister } from '../../conformance/contract/register.ts';
import { generateAnswers } from './answers.ts';
import { lintAndBundle } from './bundle.ts';
import { generateClient } from './client.ts';
import { generateTypes } from './types.ts';

/** Where the contract is, and where what follows from it goes. */
export interface GenerationOptions {
  readonly specification: string;
  readonly outputFolder: string;
  readonly bundleOnly?: boolean;
}

/**
 * Generates everything that follows from the contract: openapi.json, requirements.json, types.ts, answers.ts and
 * client/. Nothing is written unless the contract passes its lint and the register is complete.
 */
export async function generate({ specification, outputFolder, bundleOnly = false }: GenerationOptions): Promise<void> {
  if (!bundleOnly) loadGeneratorsAhead();
  const bundle = await lintAndBundle(specification);
  const register = `${JSON.stringify(readRegister(), undefined, 2)}\n`;
  await mkdir(outputFolder, { recursive: true });
  const bundleWritten = writeFile(join(outputFolder, 'openapi.json'), bundle);
  if (!bundleOnly) {
    await Promise.all([
      writeFile(join(outputFolder, 'requirements.json'), register),
      writeFile(join(outputFolder, 'answers.ts'), generateAnswers(bundle)),
      generateTypes(bundle).then((source) => writeFile(join(outputFolder, 'types.ts'), source)),
      generateClient(bundle, join(outputFolder, 'client')),
    ]);
  }
  await bundleWritten;
}

/** Loading takes longer than generating; it happens while the lint runs in a process of its own. */
function loadGeneratorsAhead(): void {
  for (const generator of ['@hey-api/openapi-ts', 'openapi-typescript']) import(generator).catch(() => undefined);
}
