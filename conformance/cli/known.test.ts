import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { accepting } from '../../scripts/lab/servers/plain/variations.ts';
import type { RunningServer } from '../mock/listener.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();
let server: RunningServer;
beforeAll(async () => {
  server = await startPlainServer({ behaviour: accepting('transferFromNumber', () => true) });
});
afterAll(async () => {
  await server.close();
});

/** Checks a server that takes every transferFromNumber, with a list of known failures. */
async function conformance(list: string) {
  const file = join(folder, `${Math.random()}.yaml`);
  await writeFile(file, list);
  const options = [
    '--only',
    'body/transferFromNumber',
    '--only',
    'transfer/plain',
    '--exclude',
    'body/*/in-query',
    '--known',
    file,
    '--report',
    folder,
  ];
  const { exitCode, stdout, stderr } = await runInProcess([server.url, '--no-config', ...options], {
    CONFORMANCE_TOKEN: 'proof-token',
  });
  return { exitCode, stdout, told: stderr.replaceAll(file, 'known.yaml') };
}

describe('a run with a list of known failures', { timeout: 120_000 }, () => {
  test('conforms where all that fails is on it, and shows why it may fail', async () => {
    const { exitCode, stdout, told } = await conformance(
      '- id: body/transfer-from-invalid\n  reason: The gateway takes any number.\n  until: 2099-12-31\n' +
        '- id: body/transfer-from-missing\n  reason: The gateway takes none.\n',
    );
    expect({ exitCode, told }).toEqual({ exitCode: 0, told: '' });
    expect(stdout).toContain('KNOWN body/transfer-from-invalid');
    expect(stdout).toContain('The gateway takes any number. (until 2099-12-31)');
    expect(stdout).toMatch(/2 known[^]*\nVerdict: conforming\n$/);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;
    expect(report).toMatchObject({ exitCode: 0, totals: { requirements: { known: 2 } } });
  });

  test('names the lines that are to be deleted, and does not pass', async () => {
    const { exitCode, stdout, told } = await conformance(
      '- { id: body/transfer-from-invalid, reason: any }\n- { id: body/transfer-from-missing, reason: none }\n' +
        '- id: transfer/plain\n  reason: It was broken once.\n- { id: body/nonsense, reason: a slip }\n',
    );
    expect({ exitCode, told: told.split('\n') }).toEqual({
      exitCode: 1,
      told: [
        'known.yaml:3: transfer/plain passes now: delete lines 3 to 4',
        'known.yaml:5: body/nonsense is no case and no requirement: delete this line',
        '',
      ],
    });
    expect(stdout).toMatch(/\nVerdict: conforming\n$/);
  });
});
