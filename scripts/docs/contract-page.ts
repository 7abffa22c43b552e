import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { contractFile } from '../../conformance/contract/contract.ts';
import { runScript } from '../generation/run-script.ts';

const redoclyCommand = join(dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json')), 'bin/cli.js');

/**
 * Has Redocly make a page of the contract that needs nothing from elsewhere.
 *
 * @throws Error with one line, if it cannot, or if the page would still ask another host for something.
 */
export async function buildContractPage(file: string): Promise<void> {
  const options = ['--output', file, '--inlineBundle', '--openapi.disableTelemetry=true'];
  const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { exitCode, stderr } = await runScript(redoclyCommand, ['build-docs', contractFile, ...options], environment);
  if (exitCode !== 0) throw new Error(`The page of the contract cannot be made: ${stderr.trim().split('\n').at(-1)}`);
  const page = readFileSync(file, 'utf8');
  const foreign = /<(?:script|link|img)\b[^>]*(?:src|href)="https?:[^"]*"/.exec(page)?.[0];
  if (foreign !== undefined) throw new Error(`The page of the contract loads something from elsewhere: ${foreign}`);
  writeFileSync(file, page);
}
