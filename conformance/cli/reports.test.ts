import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Validator, type Schema } from '@cfworker/json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemsOfJunit } from '../report/formats/junit-rules.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { accepting } from '../../scripts/lab/servers/plain/variations.ts';
import { runScript } from '../../scripts/generate/run-script.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterAll(() => rm(folder, { recursive: true }));

const environment = { ...process.env, CONFORMANCE_TOKEN: 'proof-token' };

/** Runs the suite, and returns its exit code and the files of its report. */
async function run(name: string, options: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const report = join(folder, name);
  const commandLine = ['scripts/conformance.ts', ...options, '--no-config', '--report', report];
  const ended = await runScript('--import=./scripts/require-node.mjs', commandLine, { ...environment, ...variables });
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
  const schema = new URL('../report/report.schema.json', import.meta.url);
  const ajv = new Ajv2020({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(await readFile(schema, 'utf8')) as object);
  validate(report);
  const sarifSchema = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const sarifValidator = new Validator(JSON.parse(await readFile(sarifSchema, 'utf8')) as Schema, '4', false);
  return [...(validate.errors ?? []), ...problemsOfJunit(junit), ...sarifValidator.validate(sarif).errors];
}

describe('the reports keep to their schemas', { timeout: 120_000 }, () => {
  test('of a run on the mock, with what it would have found', async () => {
    const reports = await run('mock', ['--self-check']);
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.exitCode).toBe(0);
    expect(reports.report).toMatchObject({
      verdict: 'conforming',
      selfCheck: { totals: { warned: expect.any(Number) as number } },
    });
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
    await writeFile(known, '- { id: body/transferFromNumber/missing, reason: issue 12, until: 2099-12-31 }\n');
    const only = ['body/transferFromNumber', 'fuzz/body/transferFromNumber', 'transfer/plain'];
    const options = [server.url, ...only.flatMap((id) => ['--only', id]), '--fuzz', '50', '--known', known];
    const variables = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: page };
    const reports = await run('faulty', options, variables).finally(() => server.close());
    expect(await problemsOf(reports)).toEqual([]);
    expect(reports.report).toMatchObject({
      verdict: 'not conforming',
      fuzz: { values: expect.any(Number) as number },
      findings: [
        { outcome: 'violated', requirements: ['body/transfer-from-invalid'], faultCodes: [206] },
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
