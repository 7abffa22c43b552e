import { readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { findJunitProblems, findSarifProblems } from '../report/testing/validate-formats.ts';
import { reportJsonSchema, type Report } from '../report/model.ts';
import { accepting, matching } from '../../scripts/lab/servers/plain/variations.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { servePlain } from '../testing/servers.ts';

const folder = makeTemporaryFolder();
const ofTransferFrom = '--only body/transferFromNumber --only transfer/plain --exclude body/*/in-query'.split(' ');

/** Runs the suite, and returns its exit code and the files of its report. */
async function run(name: string, options: readonly string[], variables: Record<string, string> = {}) {
  const report = join(folder, name);
  const commandLine = [...options, '--no-config', '--report', report];
  const ended = await runInProcess(commandLine, { CONFORMANCE_TOKEN: 'proof-token', ...variables });
  const text = (file: string) => readFile(join(report, file), 'utf8');
  const [json, junit, sarif, summary] = await Promise.all([
    text('report.json'),
    text('junit.xml'),
    text('report.sarif'),
    text('summary.md'),
  ]);
  return {
    ...ended,
    report: JSON.parse(json) as Record<string, unknown>,
    junit,
    sarif: JSON.parse(sarif) as unknown,
    summary,
  };
}

async function problemsOf({ report, junit, sarif }: Awaited<ReturnType<typeof run>>): Promise<unknown[]> {
  const ajv = new Ajv2020({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(reportJsonSchema());
  validate(report);
  return [...(validate.errors ?? []), ...(await findJunitProblems(junit)), ...findSarifProblems(sarif)];
}

describe('the reports keep to their schemas', () => {
  test('of a run on the mock, with what it would have found', async () => {
    const reports = await run('mock', ['--self-check']);
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.exitCode).toBe(0);
    const { verdict, selfCheck } = reports.report as unknown as Report;
    expect(verdict).toBe('conforming');
    expect(selfCheck?.totals.tried).toBeGreaterThanOrEqual(400);
    expect(selfCheck?.totals.share).toBeGreaterThanOrEqual(0.98);
    expect(reports.stdout).toMatch(/^Self-check: \d+ of \d+ wrong answers .* \(\d+\.\d %\)/m);
    expect(reports.summary).toContain('## Conformance: conforming\n');
  });

  test('of a run that could send nothing', async () => {
    const reports = await run('unreached', ['http://telephone.example', '--self-check']);
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.report).toMatchObject({ verdict: 'incomplete', exitCode: 3 });
    expect(reports.exitCode).toBe(3);
    expect(reports.stdout).toContain('Self-check: no wrong answer could be tried, since no case was run to its end\n');
  });

  test('of a faulty server with a list of known failures, generated values and the page of a job', async () => {
    const server = await servePlain({ behaviour: accepting('transferFromNumber', () => true) });
    const [known, page] = [join(folder, 'known.yaml'), join(folder, 'page.md')];
    await writeFile(known, '- { id: body/transfer-from-missing, reason: issue 12, until: 2099-12-31 }\n');
    const generated = ['--only', 'fuzz/body/transferFromNumber', '--fuzz', '50'];
    const options = [server.url, ...ofTransferFrom, ...generated, '--known', known];
    const variables = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page };
    const reports = await run('faulty', options, variables);
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.report).toMatchObject({
      verdict: 'not conforming',
      fuzz: { values: expect.any(Number) as number },
      findings: [
        { outcome: 'violated', requirements: ['body/transfer-from-invalid'] },
        { outcome: 'known', known: { reason: 'issue 12' } },
      ],
    });
    const results = [
      { ruleId: 'body/transfer-from-missing', suppressions: [{ justification: 'issue 12 (until 2099-12-31)' }] },
      { ruleId: 'body/transfer-from-invalid', level: 'error' },
    ];
    expect(reports.sarif).toMatchObject({ runs: [{ results }] });
    expect(reports.stdout).toContain('KNOWN body/transfer-from-missing');
    expect(
      reports.stdout.match(/^::error file=spec\/openapi\.yaml,line=\d+,title=body\/transfer-from-invalid /gm),
    ).toHaveLength(1);
    expect(await readFile(page, 'utf8')).toBe(reports.summary);
    expect(JSON.stringify(reports)).not.toContain('proof-token');
  });
});

test('a list of known failures names the lines that are to be deleted, and the run does not pass', async () => {
  const server = await servePlain({ behaviour: accepting('transferFromNumber', () => true) });
  const known = join(folder, 'outdated.yaml');
  await writeFile(
    known,
    '- { id: body/transfer-from-invalid, reason: any }\n- { id: body/transfer-from-missing, reason: none }\n' +
      '- id: transfer/plain\n  reason: It was broken once.\n- { id: body/nonsense, reason: a slip }\n',
  );
  const { exitCode, stdout, stderr } = await run('outdated', [server.url, ...ofTransferFrom, '--known', known]);
  expect({ exitCode, told: stderr.replaceAll(known, 'known.yaml').split('\n') }).toEqual({
    exitCode: 1,
    told: [
      'known.yaml:3: transfer/plain passes now: delete lines 3 to 4',
      'known.yaml:5: body/nonsense is no case and no requirement: delete this line',
      '',
    ],
  });
  expect(stdout).toMatch(/2 known[^]*\nVerdict: conforming\n$/);
});

test('a run names its seed, and what it found is found again as the report says', async () => {
  const server = await servePlain({ behaviour: accepting('transferNumber', matching(/^[\d*]+\s/)) });
  const options = ['--fuzz', '100', '--seed', '42', '--only', 'fuzz/body/transferNumber'];
  const found = await run('fuzz', [server.url, ...options]);
  expect(found.stdout).toMatch(/^Fuzz: 100 values for each constraint, seed 42\n[^]*\nFuzz: \d+ values, seed 42\n/);
  expect(found.report.fuzz).toMatchObject({ seed: 42 });
  const [, again = ''] = /again with (.*)$/m.exec(found.stdout) ?? [];
  const repeated = await run('fuzz', [server.url, ...again.replaceAll("'", '').split(' ')]);
  const shrunk = (output: string) => /^curl .*("transferNumber":.*)$/m.exec(output)?.[1];
  expect(shrunk(found.stdout)).toMatch(/:"[\d*]+(?:\s|\\[\\\w])/);
  expect(shrunk(repeated.stdout)).toBe(shrunk(found.stdout));
  expect([found.exitCode, repeated.exitCode]).toEqual([1, 1]);
});

test('a self-check transfers nothing more', async () => {
  let transfers = 0;
  const configure = (server: Server) => server.on('request', ({ method }) => (transfers += method === 'PUT' ? 1 : 0));
  const server = await servePlain({ configure });
  const words = [server.url, '--only', 'body/sendCallTo/*', '--only', 'transfer/plain'];
  await run('plain', words);
  const without = transfers;
  expect((await run('checked', [...words, '--self-check'])).stdout).toContain('Self-check: ');
  expect(transfers).toBe(2 * without);
});
