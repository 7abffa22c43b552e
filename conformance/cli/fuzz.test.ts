import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { accepting, matching } from '../../scripts/lab/servers/plain/variations.ts';
import { runInProcess } from './testing/run-command.ts';

function conformance(...options: string[]) {
  return runInProcess(options, { CONFORMANCE_TOKEN: 'proof-token' });
}

test('a run names its seed, and what it found is found again as the report says', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const server = await startPlainServer({ behaviour: accepting('transferNumber', matching(/^[\d*]+\s/)) });
  try {
    const options = ['--fuzz', '100', '--seed', '42', '--only', 'fuzz/body/transferNumber', '--report', folder];
    const found = await conformance(server.url, ...options);
    expect(found.stdout).toMatch(/^Fuzz: 100 values for each constraint, seed 42\n[^]*\nFuzz: \d+ values, seed 42\n/);
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;
    expect(report.fuzz).toMatchObject({ seed: 42 });

    const [, again = ''] = /again with (.*)$/m.exec(found.stdout) ?? [];
    const repeated = await conformance(server.url, ...again.replaceAll("'", '').split(' '));
    const shrunk = (output: string) => /^curl .*("transferNumber":.*)$/m.exec(output)?.[1];
    expect(shrunk(found.stdout)).toMatch(/:"[\d*]+(?:\s|\\[\\\w])/);
    expect(shrunk(repeated.stdout)).toBe(shrunk(found.stdout));
    expect([found.exitCode, repeated.exitCode]).toEqual([1, 1]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
