import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '../../conformance/contract/json.ts';
import { generateTypes } from '../generate/generate.ts';

/** Makes a copy of a project in which the installed package is that of another contract, as far as types go. */
export async function projectWithContract(project: string, folder: string, contract: JsonObject): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await cp(project, folder, { recursive: true });
  const types = join(folder, 'node_modules', 'transfer-contract', 'dist', 'types.d.cts');
  await writeFile(types, await generateTypes(contract));
  return folder;
}
