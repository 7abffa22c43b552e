import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startPlainServer } from '../../conformance/servers/plain/start.ts';
import { accepting, matching, refusal } from '../../conformance/servers/plain/variations.ts';
import { runScript } from '../generation/run-script.ts';

const command = fileURLToPath(new URL('../conformance.ts', import.meta.url));

const token = 'sample-token';

/** What the server of the sample does wrong. */
const behaviour = {
  ...accepting('sendCallTo', matching(/^\+?\d+\n$/)),
  ...refusal('transferFromNumber', { status: 422 }),
};

/**
 * Writes the report of a real run, against a server with two faults, into a folder.
 *
 * @throws Error with one line, if the run does not end with the violations that the server is made to have.
 */
export async function writeSampleReport(folder: string): Promise<void> {
  const server = await startPlainServer({ tokens: [token], behaviour });
  try {
    const environment = { ...process.env, CONFORMANCE_TOKEN: token, GITHUB_ACTIONS: undefined };
    const { exitCode, stderr } = await runScript(command, [server.url, '--report', folder], environment);
    if (exitCode !== 1) throw new Error(`The sample run ended with exit code ${exitCode}, not 1: ${stderr.trim()}`);
  } finally {
    await server.close();
  }
}
