import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const { steps } = action.runs;
const workflows = '.github/workflows';
const stepsOfWorkflows = readdirSync(workflows).flatMap((file) => {
  const { jobs } = parse(readFileSync(join(workflows, file), 'utf8')) as Workflow;
  return Object.values(jobs).flatMap((job) => job.steps);
});
const manual = readFileSync('conformance/README.md', 'utf8');
const stepsOfManual = [...manual.matchAll(/^```yaml\n(- uses.*?)^```/gms)].flatMap(
  ([, text = '']) => parse(text) as Step[],
);
const calls = [...stepsOfWorkflows, ...stepsOfManual].filter(({ uses }) =>
  /^\.\/$|^transfer-contract\//.test(uses ?? ''),
);

test('no input, secret or variable of GitHub is text of a script', () => {
  const scripts = [...steps, ...stepsOfWorkflows].flatMap(({ run }) => run ?? []);
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
});

test('the Action is called with inputs that it has', () => {
  expect(calls).toHaveLength(2);
  const inputs = Object.keys(action.inputs);
  expect(calls.flatMap((call) => Object.keys(call.with ?? {})).filter((name) => !inputs.includes(name))).toEqual([]);
});

test('reports of a run that failed are kept, on GitHub and on GitLab', () => {
  expect(steps.find(({ name }) => name === 'Keep the reports')?.if).toBe('always()');
  const [, job] = parseAllDocuments(readFileSync('.gitlab/conformance.yml', 'utf8')).map(
    (part) => part.toJS() as object,
  );
  expect(job).toHaveProperty('conformance.artifacts', {
    when: 'always',
    paths: ['report'],
    reports: { junit: 'report/junit.xml' },
  });
});

describe.concurrent('the script of the Action', () => {
  /** Runs the script as GitHub does, with these inputs and the defaults of the others, on the suite of this checkout. */
  async function run(inputs: Readonly<Record<string, string>>) {
    const folder = await mkdtemp(join(tmpdir(), 'action-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    const given = { package: 'transfer-conformance', report: join(folder, 'report'), ...inputs };
    const { CONFORMANCE_TOKEN: _token, DEBUG: _debug, ...environment } = process.env;
    const env = { ...environment, INPUTS: JSON.stringify({ ...Object.fromEntries(defaults), ...given }) };
    return new Promise<{ exitCode: unknown; stdout: string; stderr: string; folder: string }>((resolve) => {
      execFile(process.execPath, ['.github/action.mjs'], { env }, (error, stdout, stderr) =>
        resolve({ exitCode: error?.code ?? 0, stdout, stderr, folder }),
      );
    });
  }

  test('checks the server with the token and the fixture, and writes the reports', async ({ expect }) => {
    const server = await startPlainServer({ tokens: ['t0ken'] });
    const { exitCode, stdout, folder } = await run({
      url: server.url,
      token: 't0ken',
      user: '@me',
      'send-to': '3235742879  0003*212',
      args: '--only transfer/plain\n--strict --only effects/*',
    });
    await server.close();
    expect(stdout).toContain('Verdict: conforming');
    expect(exitCode).toBe(0);
    const report = await readFile(join(folder, 'report', 'report.json'), 'utf8');
    expect(report).toContain('/uapi/phoneCalls/@me/');
    expect(report).toContain('0003*212');
    expect(report).not.toContain('t0ken');
  });

  test('refuses an empty URL, which an unset variable leaves', async ({ expect }) => {
    const { exitCode, stdout } = await run({ only: 'transfer/plain' });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('::error::The input url is empty: name the server to check.\n');
  });

  const intruder = '"; touch broken-in; $(touch broken-in) `touch broken-in`';
  test.each([
    ['a URL', { url: intruder, token: intruder }, /The target .* is no URL/],
    ['a URL like an option', { url: '--help' }, /The target --help is no URL/],
    ['a user', { url: 'http://127.0.0.1:1', user: intruder, args: intruder }, /./],
  ])('takes whatever stands in an input for a value: %s', async (_, inputs, line) => {
    const { exitCode, stderr } = await run(inputs);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(line) });
    expect(existsSync('broken-in')).toBe(false);
  });
});
