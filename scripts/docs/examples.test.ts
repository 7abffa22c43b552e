import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { conformanceCommand } from '../conformance/command.ts';
import { mergeCommand } from '../merge/command.ts';
import { targetsCommand } from '../targets/command.ts';
import { readTargetList } from '../targets/target-list.ts';

interface Job {
  readonly spec: {
    readonly completions: number;
    readonly template: { readonly spec: { readonly containers: readonly [{ readonly args: readonly [string] }] } };
  };
}
interface Workflow {
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}
interface WorkflowJob {
  readonly strategy?: { readonly matrix: { readonly part?: readonly number[]; readonly include?: readonly Row[] } };
  readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}
type Row = Readonly<Record<string, string | number>>;

const examples = new URL('examples/', import.meta.url);
const read = (name: string) => parse(readFileSync(new URL(name, examples), 'utf8')) as unknown;
const commands: Readonly<Record<string, () => Command>> = {
  conformance: conformanceCommand,
  'conformance:merge': mergeCommand,
  'conformance:targets': targetsCommand,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  const file = join(folder, 'npm');
  await writeFile(
    file,
    `#!${process.execPath}\nrequire('fs').appendFileSync(process.env.SAID, JSON.stringify(process.argv.slice(2)) + '\\n');\n`,
  );
  await chmod(file, 0o755);
  await writeFile(
    join(folder, 'calls.txt'),
    Array.from({ length: 9 }, (_, place) => `call${place} other${place}\n`).join(''),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** The command lines that a script of an example gives to npm, which is not run. */
async function dryRun(script: string, variables: Readonly<Record<string, string>>): Promise<Command[]> {
  const said = join(folder, 'said');
  await writeFile(said, '');
  const env = { ...variables, PATH: `${folder}:${process.env.PATH}`, SAID: said };
  await promisify(execFile)('sh', ['-ec', script.replaceAll('/calls/', `${folder}/`)], { env });
  const lines = (await readFile(said, 'utf8')).trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as string[])
    .filter(([word]) => word === 'run')
    .map(parsed);
}

/** A command line of an example, which its command has understood. */
function parsed([, silent, script = '', dashes, ...words]: string[]): Command {
  expect([silent, dashes]).toEqual(['--silent', '--']);
  const command = commands[script]?.();
  if (command === undefined) throw new Error(`There is no script ${script}.`);
  return command.exitOverride().parse(words, { from: 'user' });
}

const partsOf = (count: number) => Array.from({ length: count }, (_, place) => `${place + 1}/${count}`);

describe('the list of targets', () => {
  test('is one, whose secrets are those of the workflow', () => {
    const { jobs } = read('github-targets.yml') as Workflow;
    const variables = Object.assign({}, ...(jobs.part?.steps ?? []).map(({ env }) => env)) as Record<string, string>;
    const targets = readTargetList(new URL('targets.yaml', examples).pathname, variables);
    expect(targets.map(({ name, secrets }) => [name, Object.values(secrets)])).toEqual([
      ['berlin', ['${{ secrets.BERLIN_TOKEN }}']],
      ['lisbon', ['${{ secrets.LISBON_CLIENT_SECRET }}']],
    ]);
  });
});

describe.each(['kubernetes-targets.yaml', 'kubernetes-shards.yaml'])('%s', (name) => {
  const job = read(name) as Job;

  test('is a Job', async () => {
    const schema = JSON.parse(await readFile(new URL('job.schema.json', import.meta.url), 'utf8')) as object;
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    validate(job);
    expect(validate.errors).toBe(null);
    expect(validate({ ...job, spec: { ...job.spec, completion: 4 } })).toBe(false);
  });

  test('runs each part once', async () => {
    const { completions, template } = job.spec;
    const shards: unknown[] = [];
    for (let index = 0; index < completions; index += 1) {
      const runs = await dryRun(template.spec.containers[0].args[0], { JOB_COMPLETION_INDEX: String(index) });
      shards.push(...runs.map((command) => command.opts().shard as unknown));
    }
    expect(shards).toEqual(partsOf(completions));
  });
});

test('each shard of the Job has calls of its own', async () => {
  const [script] = (read('kubernetes-shards.yaml') as Job).spec.template.spec.containers[0].args;
  const [command] = await dryRun(script, { JOB_COMPLETION_INDEX: '2' });
  expect(command?.opts()).toMatchObject({ shard: '3/4', call: 'call2', otherCall: ['other2'], report: '/reports/2' });
});

describe.each(['github-shards.yml', 'github-targets.yml'])('%s', (name) => {
  const { jobs } = read(name) as Workflow;

  test('runs each part once', async () => {
    const [job] = Object.values(jobs) as [WorkflowJob];
    const { part = [], include } = job.strategy?.matrix ?? {};
    const rows = include ?? part.map((number): Row => ({ part: number }));
    const shards: unknown[] = [];
    for (const row of rows) shards.push(...(await runsOf(job, row)).map((command) => command.opts().shard as unknown));
    expect(shards).toEqual(partsOf(rows.length));
  });

  test('ends with one verdict', async () => {
    const runs = await runsOf(jobs.verdict as WorkflowJob, {});
    expect(runs.map((command) => command.opts())).toMatchObject([{ report: 'report' }]);
  });
});

test('the verdict of the shards is on all of them', async () => {
  const { jobs } = read('github-shards.yml') as Workflow;
  const [merge] = await runsOf(jobs.verdict as WorkflowJob, {});
  expect(merge?.args).toEqual(jobs.shard?.strategy?.matrix.include?.map(({ shard }) => `shards/${shard}`));
});

/** The command lines of a workflow's job, for a row of its matrix. */
async function runsOf({ steps }: WorkflowJob, row: Row): Promise<Command[]> {
  const runs: Command[] = [];
  for (const { run, env = {} } of steps) {
    const values = Object.entries(env).map(([name, value]) => {
      return [name, value.replaceAll(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key: string) => String(row[key]))];
    });
    if (run !== undefined) runs.push(...(await dryRun(run, Object.fromEntries(values) as Record<string, string>)));
  }
  return runs;
}
