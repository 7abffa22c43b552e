import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningServer } from '../mock/listener.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { refusal } from '../../scripts/lab/servers/plain/variations.ts';
import { runInProcess } from './testing/run-command.ts';
import type { Overview } from './targets/overview.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const variables = { TOKEN_OF_RIGHT: 'secret-of-right', TOKEN_OF_FAULTY: 'secret-of-faulty' };

const folder = makeTemporaryFolder();
let report: string;
let servers: RunningServer[];
beforeAll(async () => {
  report = join(folder, 'report');
  servers = await Promise.all([
    startPlainServer({ tokens: ['secret-of-right'] }),
    startPlainServer({ tokens: ['secret-of-faulty'], behaviour: refusal('sendCallTo', { status: 422 }) }),
  ]);
  const [right, faulty] = servers.map(({ url }) => url);
  const list = [
    'common: { only: [body/sendCallTo/missing] }',
    'targets:',
    `  - { name: right, url: '${right}', tokenVariable: TOKEN_OF_RIGHT }`,
    `  - { name: faulty, url: '${faulty}', tokenVariable: TOKEN_OF_FAULTY }`,
    `  - { name: closed, url: 'http://127.0.0.1:1', tokenVariable: TOKEN_OF_RIGHT }`,
    `  - { name: live, url: 'https://pbx.example.com', fixture: { call: b817d2618fe6f1804333 } }`,
  ];
  await writeFile(join(folder, 'targets.yaml'), list.join('\n'));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

function run(...options: string[]) {
  return runInProcess(['targets', join(folder, 'targets.yaml'), ...options], variables);
}

describe('the targets of a list', () => {
  test('are run in shards, each with its own token and folder, and collected in an overview', async () => {
    await mkdir(join(report, 'closed'), { recursive: true });
    await writeFile(join(report, 'closed', 'report.json'), '{"verdict": "conforming"}');
    const first = await run('--shard', '1/2', '--at-once', '2', '--report', report);
    expect(first).toMatchObject({ exitCode: 2, stderr: '' });
    expect(first.stdout).toMatch(/^\[\d\/2\] right: conforming; 2 cases in /m);
    expect(first.stdout).toMatch(/^\[\d\/2\] closed: nothing verified; .*ECONNREFUSED/m);
    const second = await run('--shard', '2/2', '--report', report);
    expect(second).toMatchObject({ exitCode: 1, stderr: '' });
    expect(second.stdout).toMatch(/^\[\d\/2\] faulty: not conforming; 2 cases in .*, 1 violated$/m);
    expect(second.stdout).toMatch(/^\[\d\/2\] live: incomplete; /m);
    const { exitCode, stdout } = await run('--collect', '--report', report);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\n4 targets in .*: 1 conforming, 1 not conforming, 1 nothing verified, 1 incomplete\n$/);
    const overview = await readFile(join(report, 'overview.json'), 'utf8');
    const { targets, ...all } = JSON.parse(overview) as Overview;
    expect(all.exitCode).toBe(1);
    expect(targets.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['right', 'conforming'],
      ['faulty', 'not conforming'],
      ['closed', 'nothing verified'],
      ['live', 'incomplete'],
    ]);
    expect(await readdir(join(report, 'right'))).toContain('report.html');
    const page = await readFile(join(report, 'index.html'), 'utf8');
    expect(page).toContain('right/report.html');
    expect(`${first.stdout}${second.stdout}${overview}${page}`).not.toContain('secret-of-');
  });

  test.each([
    ['right', 2],
    ['faulty', 1],
  ])('keep the verdict of %s where an overview cannot be written', async (name, code) => {
    await rm(join(report, 'overview.json'), { recursive: true });
    await mkdir(join(report, 'overview.json', 'inside'), { recursive: true });
    const { exitCode, stdout, stderr } = await run('--collect', '--target', name, '--report', report);
    expect(exitCode).toBe(code);
    expect(stdout).toMatch(/\n1 target in .*: 1 (?:not )?conforming\n$/);
    expect(stderr).toMatch(/^The overview \S+overview\.json could not be written: EISDIR: .*\n$/);
  });

  test('are collected where a report is none, or one of another server, with the reason', async () => {
    await rm(join(report, 'overview.json'), { recursive: true });
    const text = await readFile(join(report, 'right', 'report.json'), 'utf8');
    const contents = { faulty: text, closed: '{}', live: '{ "version": 99 }' };
    for (const [name, content] of Object.entries(contents)) {
      await mkdir(join(report, name), { recursive: true });
      await writeFile(join(report, name, 'report.json'), content);
    }
    const { exitCode, stdout, stderr } = await run('--collect', '--report', report);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    const [right, faulty] = servers.map(({ url }) => url);
    const told = stdout.replaceAll(`${report}/`, '').replaceAll(/ in \d+\.\d s/g, '');
    expect(told.split('\n')).toEqual([
      '[1/4] right: conforming; 2 cases',
      `[2/4] faulty: nothing verified; faulty/report.json is a report of ${right}: expected one of ${faulty}; check this target again.`,
      '[3/4] closed: nothing verified; closed/report.json is no report of a conformance run: /$schema: expected "urn:transfer-contract:report:3".',
      '[4/4] live: nothing verified; live/report.json is a report of version 99: expected 3; make it again.',
      '4 targets: 1 conforming, 3 nothing verified',
      '',
    ]);
    expect(await readdir(report)).toEqual(expect.arrayContaining(['overview.json', 'index.html']));
  });

  test.each([
    ['a name that is none', ['--target', 'rigth'], '--target rigth: the list has no such target: did you mean right?'],
    [
      'too many shards',
      ['--shard', '1/5'],
      '--shard 1/5: the list has too few targets: expected a COUNT of at most 4.',
    ],
    ['reports of nowhere', ['--collect'], '--collect reads reports: say where with --report DIR.'],
  ])('are not run for %s', async (_, options, line) => {
    expect(await run(...options)).toEqual({ exitCode: 2, stdout: '', stderr: `${line}\n` });
  });
});
