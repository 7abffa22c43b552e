import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseContract, type Contract } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { repositoryFolder, runCommandIn } from '../package/install.ts';

const contractPath = 'generated/openapi.json';

/**
 * Reads the contract that another one is compared with.
 *
 * @param base - A git revision, or a published version: three numbers, as in 0.1.0.
 * @throws InputError if it is neither, or empty.
 */
export async function readBase(base: string): Promise<Contract> {
  // Git takes an empty revision for its index.
  if (base === '')
    throw new InputError('The base is empty: name a git revision, or a published version such as 0.1.0.');
  const read = /^\d+\.\d+\.\d+$/.test(base) ? readPublished : readRevision;
  return parseContract(JSON.parse(await read(base)) as JsonObject);
}

async function readRevision(revision: string): Promise<string> {
  try {
    return await runCommandIn(repositoryFolder, ['git', 'show', `${revision}:${contractPath}`]);
  } catch {
    throw new InputError(`${revision} is no git revision that has ${contractPath}: name one, or a published version.`);
  }
}

async function readPublished(version: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-diff-'));
  try {
    const specifier = `transfer-contract@${version}`;
    const file = await runCommandIn(folder, ['npm', 'pack', '--silent', specifier]).catch(() => {
      throw new InputError(
        `${specifier} cannot be had from the registry: name a published version, or a git revision.`,
      );
    });
    return await runCommandIn(folder, ['tar', '-xzOf', file.trim(), `package/${contractPath}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
