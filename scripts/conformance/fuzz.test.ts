import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { startPlainServer } from '../../conformance/servers/plain/start.ts';
import { accepting, matching } from '../../conformance/servers/plain/variations.ts';
import { runScript } from '../generation/run-script.ts';

const environment = { ...process.env, CONFORMANCE_TOKEN: 'proof-token' };

function conformance(...options: string[]) {
  return runScript('--import=./scripts/require-node.mjs', ['scripts/conformance.ts', ...options], environment);
}

test('a seed without values to generate is refused with one line', async () => {
  const { exitCode, stdout, stderr } = await conformance('--seed', '42');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe('--seed 42 generates nothing by itself: say how many values with --fuzz N.\n');
});

test('a run names its seed, and what it found is found again as the report says', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const server = await startPlainServer({ behaviour: accepting('transferNumber', matching(/^\d+ /)) });
  try {
    const first = await conformance(server.url, '--fuzz', '60', '--only', 'fuzz/body/transfer*', '--report', folder);
    const seed = /^Fuzz: 60 values for each constraint, seed (\d+)\n/.exec(first.stdout)?.[1] ?? '';
    expect(first.stdout).toMatch(new RegExp(`^Fuzz: \\d+ values, seed ${seed}$`, 'm'));
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Record<string, unknown>;
    expect(report.fuzz).toMatchObject({ seed: Number(seed) });

    const options = ['--fuzz', '100', '--seed', '42', '--only', 'fuzz/body/transferNumber'];
    const found = await conformance(server.url, ...options);
    const [, again = ''] = /again with (.*)$/m.exec(found.stdout) ?? [];
    const repeated = await conformance(server.url, ...again.replaceAll("'", '').split(' '));
    const sent = (output: string) => /sent +(.*)$/m.exec(output)?.[1];
    expect(sent(found.stdout)).toMatch(/"transferNumber":"0+ /);
    expect(sent(repeated.stdout)).toBe(sent(found.stdout));
    expect([found.exitCode, repeated.exitCode]).toEqual([1, 1]);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});
