import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createRunCommand } from './command.ts';
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

const actionFile = '.github/actions/conformance/action.yml';
const workflows = '.github/workflows';
const action = parse(readFileSync(actionFile, 'utf8')) as Action;
const { steps } = action.runs;
const stepsOfWorkflows = readdirSync(workflows).flatMap((file) => {
  const { jobs } = parse(readFileSync(join(workflows, file), 'utf8')) as Workflow;
  return Object.values(jobs).flatMap((job) => job.steps);
});
const readme = readFileSync('conformance/README.md', 'utf8');
const examples = [...readme.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => parse(text) as unknown);
const stepsOfReadme = examples.flatMap((example) => (Array.isArray(example) ? (example as Step[]) : []));
const calls = [...stepsOfWorkflows, ...stepsOfReadme].filter(({ uses }) =>
  /(?:^\.|\/REPOSITORY)\/\.github\/actions\/conformance(?:@|$)/.test(uses ?? ''),
);
const flags = (text: string) => text.match(/(?<=\s)--[a-z][a-z-]+/g) ?? [];
const step = (name: string): Step => {
  const found = steps.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no step ${name}.`);
  return found;
};

describe('the Action', () => {
  test('uses no option that there is none of, nor do those who call it', () => {
    const known = createRunCommand('conformance').options.map(({ long }) => long);
    const used = [step('Run the suite').run, ...calls.map((call) => ` ${call.with?.args}`)].flatMap((text) =>
      flags(text ?? '').filter((flag) => flag !== '--silent'),
    );
    expect(used.length).toBeGreaterThan(6);
    expect(used.filter((flag) => !known.includes(flag))).toEqual([]);
  });

  test('puts no input into a script, nor does a workflow', () => {
    const scripts = [...steps, ...stepsOfWorkflows].flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('is called with inputs that it has, and each input is used', () => {
    expect(calls).toHaveLength(2);
    const inputs = Object.keys(action.inputs);
    expect(calls.flatMap((call) => Object.keys(call.with ?? {})).filter((name) => !inputs.includes(name))).toEqual([]);
    const text = JSON.stringify(steps);
    expect(inputs.filter((name) => !text.includes(`\${{ inputs.${name} }}`))).toEqual([]);
  });

  test('has a counterpart for GitLab, which keeps the reports of a run that failed too', () => {
    expect(examples).toContainEqual({
      conformance: expect.objectContaining({
        artifacts: { when: 'always', paths: ['report'], reports: { junit: 'report/junit.xml' } },
      }),
    });
  });

  test('passes the token by the environment of one step only', () => {
    const holders = steps.filter((one) => JSON.stringify(one).includes('inputs.token'));
    expect(holders.map(({ name }) => name)).toEqual(['Run the suite']);
    expect(step('Run the suite').run).not.toMatch(/--token\b/);
  });

  test('keeps the reports of a run that failed too', () => {
    expect(step('Keep the reports').if).toBe('always()');
  });
});

describe.concurrent('the script of the Action', { timeout: 120_000 }, () => {
  const { CONFORMANCE_TOKEN: _token, DEBUG: _debug, ...environment } = process.env;
  let workspace: string;
  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'action-'));
  });
  afterAll(() => rm(workspace, { recursive: true }));

  /** Runs the script of a step as GitHub does, with these inputs and the defaults of the others. */
  function run(name: string, inputs: Readonly<Record<string, string>>) {
    const { env = {}, run: script = '' } = step(name);
    const variables = Object.entries(env).map(([variable, expression]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1] ?? '';
      return [variable, inputs[input] ?? action.inputs[input]?.default ?? ''];
    });
    const settings = {
      cwd: workspace,
      env: {
        ...environment,
        ...Object.fromEntries(variables),
        GITHUB_WORKSPACE: workspace,
        GITHUB_ACTION_PATH: join(process.cwd(), '.github/actions/conformance'),
        GITHUB_STEP_SUMMARY: join(workspace, 'step-summary.md'),
      },
    };
    return new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
      const words = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script];
      execFile('bash', words, settings, (error, stdout, stderr) =>
        resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  test('checks the server with the token and the fixture, and writes the reports', async ({ expect }) => {
    const server = await startPlainServer({ tokens: ['t0ken'] });
    const { exitCode, stdout } = await run('Run the suite', {
      url: server.url,
      token: 't0ken',
      user: '@me',
      'send-to': '3235742879  0003*212',
      args: '--only transfer/plain\n--strict --only effects/*',
      report: 'of-a-server',
    });
    await server.close();
    expect(stdout).toContain('Verdict: conforming');
    expect(exitCode).toBe(0);
    const report = await readFile(join(workspace, 'of-a-server/report.json'), 'utf8');
    expect(report).toContain('/uapi/phoneCalls/@me/');
    expect(report).toContain('0003*212');
    expect(report).not.toContain('t0ken');
  });

  test('takes the mock if no server is named, and ends as the run does', async ({ expect }) => {
    const { exitCode, stdout } = await run('Run the suite', { args: '--only transfer/plain' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('Verdict: conforming') });
    expect(existsSync(join(workspace, 'conformance-report/report.json'))).toBe(true);
    expect((await run('Run the suite', { args: '--only no-such-case' })).exitCode).toBe(2);
  });

  test('takes whatever stands in an input for a value', async ({ expect }) => {
    const intruder = '"; touch broken-in; $(touch broken-in) `touch broken-in`';
    const refused = await run('Run the suite', { url: intruder, token: intruder, args: '--only transfer/plain' });
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^The target .* is no URL/) });
    const words = await run('Run the suite', { url: 'http://127.0.0.1:1', user: intruder, args: intruder });
    expect(words.exitCode).toBe(2);
    const optionLike = await run('Run the suite', { url: '--help' });
    expect(optionLike).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^The target --help is no URL/) });
    expect([existsSync(join(workspace, 'broken-in')), existsSync('broken-in')]).toEqual([false, false]);
  });
});
