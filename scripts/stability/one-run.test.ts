import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { oneRun } from './one-run.ts';

/** A command that runs a script in the suite's place, which finds the folder of its report at the end of its arguments. */
const script = (text: string): string[] => ['-e', text, '--'];

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stability-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('the words of a run are those of its report, whatever its exit code', async () => {
  const report = { verdict: 'not conforming', cases: [{ id: 'a', verdict: 'fail', answers: ['500'], checks: [] }] };
  const folder = emptyFolder();
  writeFileSync(join(folder, 'made.json'), JSON.stringify(report));
  const command = script(
    `const folder = process.argv.at(-1); fs.renameSync(folder + '/made.json', folder + '/report.json'); process.exit(1)`,
  );
  expect([...(await oneRun(folder, 1, command))]).toEqual([
    ['the verdict', 'not conforming'],
    ['a', '["fail",["500"],[]]'],
  ]);
});

test('a run that fails is told in its own words, and not taken for the one before', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'report.json'), '{"verdict":"conforming","cases":[]}');
  const command = script(`console.error('The mock did not start.\\n    at nowhere'); process.exit(2)`);
  await expect(oneRun(folder, 7, command)).rejects.toThrow(/^Run 7 wrote no report: The mock did not start\.$/);
});

test('a run that says nothing is told too', async () => {
  await expect(oneRun(emptyFolder(), 2, script(''))).rejects.toThrow(/^Run 2 wrote no report: it said nothing$/);
});
