import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { findJunitProblems, findSarifProblems } from '../report/testing/validate-formats.ts';
import { reportJsonSchema, type Report } from '../report/model.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { accepting } from '../../scripts/lab/servers/plain/variations.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();

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

describe('the reports keep to their schemas', { timeout: 120_000 }, () => {
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
    const reports = await run('unreached', ['http://telephone.example']);
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.report).toMatchObject({ verdict: 'incomplete', exitCode: 3 });
  });

  test('of a faulty server with a list of known failures, generated values and the page of a job', async () => {
    const server = await startPlainServer({ behaviour: accepting('transferFromNumber', () => true) });
    const [known, page] = [join(folder, 'known.yaml'), join(folder, 'page.md')];
    await writeFile(known, '- { id: body/transfer-from-missing, reason: issue 12, until: 2099-12-31 }\n');
    const only = ['body/transferFromNumber', 'fuzz/body/transferFromNumber', 'transfer/plain'];
    const chosen = [...only.flatMap((id) => ['--only', id]), '--exclude', 'body/*/in-query'];
    const options = [server.url, ...chosen, '--fuzz', '50', '--known', known];
    const variables = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page };
    const reports = await run('faulty', options, variables).finally(() => server.close());
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
    expect(
      reports.stdout.match(/^::error file=spec\/openapi\.yaml,line=\d+,title=body\/transfer-from-invalid /gm),
    ).toHaveLength(1);
    expect(await readFile(page, 'utf8')).toBe(reports.summary);
    expect([reports.stdout, reports.stderr, JSON.stringify(reports)].join('\n')).not.toContain('proof-token');
  });
});
