import { expect, test } from 'vitest';
import { runScript } from '../../scripts/generate/run-script.ts';

test('whatever is sent, well-formed or not, the mock answers by the contract and lives on', async () => {
  const sizes = ['--requests', '100', '--seed', '20261'];
  const { exitCode, stdout } = await runScript('scripts/lab/fuzz.ts', sizes);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Each was answered as it must be.')]);
}, 120_000);
