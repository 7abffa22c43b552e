import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { runInProcess, startShell } from './testing/run-command.ts';
import { makeWritableFolder, makeReportFolder } from '../report/report-files.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { servePlain } from '../testing/servers.ts';

const folder = makeTemporaryFolder();

/** Runs `npm run conformance -- …` against a server that is right, which does something when it is asked. */
async function conformance(act: () => void, ...options: string[]) {
  const server = await servePlain({
    tokens: ['token'],
    configure: (listener) => listener.once('request', act),
  });
  const finished = await runInProcess([server.url, '--only', 'transfer/plain', ...options]);
  return finished;
}

describe('the verdict is told, and which file could not be written', () => {
  test('where a folder stands in the place of a file', async () => {
    const report = join(folder, 'blocked');
    mkdirSync(join(report, 'junit.xml', 'inside'), { recursive: true });
    const { exitCode, stdout, stderr } = await conformance(() => undefined, '--report', report);
    expect(stdout).toMatch(/Verdict: conforming\n$/);
    expect(stderr).toMatch(/^The report \S+junit\.xml could not be written: .*\n$/);
    expect(exitCode).toBe(2);
    expect(JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'))).toMatchObject({ verdict: 'conforming' });
    expect(readdirSync(report)).not.toContainEqual(expect.stringContaining('unfinished'));
  });

  test('where a file takes the place of the folder while the run is under way', async () => {
    const report = join(folder, 'replaced');
    const replace = () => {
      rmSync(report, { recursive: true });
      writeFileSync(report, '');
    };
    const { exitCode, stdout, stderr } = await conformance(replace, '--report', report);
    expect(stdout).toMatch(/Verdict: conforming\n$/);
    expect(stderr).toMatch(/^(?:The report \S+ could not be written: .*\n)+$/);
    expect(exitCode).toBe(2);
  });

  test('or nothing is missing, where the folder is deleted while the run is under way', async () => {
    const report = join(folder, 'deleted');
    const { exitCode, stderr } = await conformance(() => rmSync(report, { recursive: true }), '--report', report);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(readdirSync(report)).toContain('report.json');
  });

  // A limit of the shell stands for a full disk: writing beyond it fails as ENOSPC does.
  test.skipIf(process.platform === 'win32')('where there is no room', async () => {
    const report = join(folder, 'full');
    const server = await servePlain({ tokens: ['token'] });
    const command = 'exec "$0" --import=./scripts/require-node.mjs scripts/conformance.ts "$1" --report "$2"';
    const line = `trap '' XFSZ; ulimit -f 8; ${command} --only transfer/plain`;
    const { exitCode, stdout, stderr } = await startShell(line, server.url, report).ended;
    expect(stdout).toMatch(/Verdict: conforming\n$/);
    expect(stderr).toMatch(/^The report \S+ could not be written: (?:EFBIG|ENOSPC)/m);
    expect(exitCode).toBe(2);
    expect(readdirSync(report)).not.toContainEqual(expect.stringContaining('unfinished'));
  });
});

test('a run that ends before it has a verdict leaves no report of an earlier one', async () => {
  const report = join(folder, 'earlier');
  mkdirSync(join(report, 'summary.md'), { recursive: true });
  const names = ['junit.xml', 'report.har', 'report.html', 'report.json', 'report.sarif'];
  for (const name of [...names, 'notes.txt']) writeFileSync(join(report, name), '{ "verdict": "conforming" }');
  const { exitCode, stderr } = await runInProcess(['http://127.0.0.1:1', '--report', report]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('ECONNREFUSED') });
  expect(readdirSync(report).toSorted()).toEqual(['notes.txt', 'summary.md']);
});

test('a list of what is there leaves the reports', async () => {
  const report = join(folder, 'listed');
  mkdirSync(report);
  writeFileSync(join(report, 'report.json'), '');
  expect(await runInProcess(['--list', '--only', 'transfer/plain', '--report', report])).toMatchObject({ exitCode: 0 });
  expect(readdirSync(report)).toEqual(['report.json']);
});

test('what a run writes is what the next one deletes', async () => {
  const report = join(folder, 'again');
  await conformance(() => undefined, '--report', report);
  expect(readdirSync(report).length).toBeGreaterThan(1);
  makeReportFolder(report);
  expect(readdirSync(report)).toEqual([]);
});

test('a folder of reports of targets keeps what is in it', () => {
  const report = join(folder, 'targets');
  mkdirSync(report);
  writeFileSync(join(report, 'report.json'), '');
  makeWritableFolder(report);
  expect(readdirSync(report)).toEqual(['report.json']);
});

test('a folder that cannot be made is told before anything is sent', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makeReportFolder(file)).toThrow(/cannot be made: EEXIST/);
  expect(() => makeReportFolder(join(file, 'inside'))).toThrow(/cannot be made: ENOTDIR/);
});

// Nothing is forbidden to root.
test.skipIf(process.getuid?.() === 0)('a folder that must not be written to is told too', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o500 });
  expect(() => makeReportFolder(closed)).toThrow(/cannot be written to: EACCES/);
});
