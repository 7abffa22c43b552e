import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { prepareRun } from './prepare-run.ts';
import { readOptions } from './read-options.ts';

/**
 * Opens the target for `vitest --project conformance` with the options of variables and the configuration file, and
 * closes it at the end.
 *
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { options, explain } = await readOptions({}, process.env);
  try {
    const { input, open } = await prepareRun(options, (remark) => process.stderr.write(`Warning: ${remark}\n`));
    project.provide('suite', input);
    return () => open.close();
  } catch (error) {
    throw explain(error);
  }
}
