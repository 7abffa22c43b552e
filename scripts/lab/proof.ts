import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Tinypool } from 'tinypool';
import { parse } from 'yaml';
import { z } from 'zod';
import { addOptions, readValues, runCommand } from '../../conformance/cli/command-line.ts';
import { flag, text, wholeNumber } from '../../conformance/cli/option-values.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { assess, describeResults, explainWitnesses, summarize, type Proven, type Witness } from './proof/assessment.ts';
import {
  independentSubjects,
  matchSubjects,
  nameSubject,
  prepareLanguages,
  subjects,
  type Subject,
} from './proof/catalogue.ts';
import { markSummary, readWitnesses, writePage } from './proof/page.ts';
import { listCatalogueCases, listChecks, profiles, suite, type Assignment, type Trial } from './proof/trial.ts';

/** The number of servers that a thread examines at once: most of the time most of them wait. */
const serversAtOnce = 6;

/** Servers that answer late or never. They are tried first, so that nothing waits for them in the end. */
const slow = /^(?:protocol|transport|effects|concurrency|mock)\//;

/** Begins the ids of independent servers, whose packages are installed only if they are wanted. */
const independentPattern = /^(?:express|fastify|koa|hono|nest|fastapi|go)\b/;

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = 'scripts/lab/PROOF.md';
const equivalents = z.array(z.strictObject({ requirement: z.string(), why: z.string() }));
const readPage = (file: string) => readFileSync(`${root}${file}`, 'utf8');

/** Tries a server on a thread. */
type Run = (assignment: Assignment) => Promise<Trial>;

const options = {
  only: { flags: '--only <pattern>', value: text(), description: 'only ids with this, * for anything; writes nothing' },
  independent: { flags: '--independent', value: flag(), description: 'try all independent servers, not a sample' },
  languages: { flags: '--languages', value: flag(), description: 'try those in Python and Go too, if these are there' },
  check: { flags: '--check', value: flag(), description: 'compare PROOF.md and README.md, and write nothing' },
  jobs: { flags: '--jobs <n>', value: wholeNumber(1, 64), default: availableParallelism(), description: 'threads' },
};

const command = addOptions(new Command('npm run lab -- proof'), options)
  .description('Runs the suite against every faulty and every unusual server of the catalogue, and writes PROOF.md.')
  .addHelpText('after', '\nExit codes: 0 proved, 1 something is to be mended, 2 nothing was tried.');

await runCommand(command, prove);

/** Prints what the suite finds on the servers of the catalogue, and writes or compares the pages that show it. */
async function prove(): Promise<number> {
  const { only, check = false, jobs, languages, independent: isAll = false } = readValues(command, options);
  if (languages) await prepareLanguages(print);
  const independent = only === undefined || independentPattern.test(only) ? await independentSubjects() : [];
  // Each independent server as it is, some unusual ones, and more of the faulty ones: the same in every run.
  const sample = independent.filter(
    ({ id, kind }, index) => id.endsWith('/plain') || index % (kind === 'fault' ? 3 : 10) === 2,
  );
  const all = [...subjects, ...(isAll || only !== undefined ? independent : sample)];
  const selected = matchSubjects(all, only ?? '');
  if (selected.length === 0) throw new InputError(`No fault or control matches ${only}: see ${page} for the ids.`);
  const pool = new Tinypool({
    filename: new URL('proof/trial.ts', import.meta.url).href,
    name: 'tryAssignment',
    minThreads: jobs,
    maxThreads: jobs,
    concurrentTasksPerWorker: serversAtOnce,
    isolateWorkers: false,
  });
  const run: Run = (assignment) => pool.run(assignment) as Promise<Trial>;
  try {
    const started = performance.now();
    const trials = await tryAll(selected, run);
    const assessment = assess(selected, trials);
    const proven = only === undefined ? await proveAll(trials, sample, independent, check, run) : [];
    if (only !== undefined) for (const line of describeResults(assessment)) print(line);
    const problems = [...assessment.problems, ...proven];
    for (const problem of problems) print(problem);
    print(`${summarize(assessment)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    await pool.destroy();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Finds a fault for each requirement and check, and writes or compares the pages. Returns what is to be mended. */
async function proveAll(
  trials: readonly Trial[],
  sample: readonly Subject[],
  independent: readonly Subject[],
  compareOnly: boolean,
  run: Run,
): Promise<string[]> {
  const requirements = suite.requirements.filter(
    ({ profile, excluded }) => profiles.includes(profile) && excluded === undefined,
  );
  const proven: Proven = {
    requirements,
    checks: listChecks(listCatalogueCases()),
    equivalents: equivalents.parse(parse(readFileSync(new URL('proof/equivalents.yaml', import.meta.url), 'utf8'))),
  };
  const witnesses = await findWitnesses(proven, readWitnesses(readPage(page)), trials, run);
  // Those in other languages are not there on every machine.
  const isOfFramework = ({ id }: Subject) => !/^(?:fastapi|go)\//.test(id);
  const own = assess(subjects, trials);
  const sampled = assess(sample.filter(isOfFramework), trials);
  const independentServers = independent.filter(isOfFramework).length;
  const outdated = Object.entries({
    [page]: writePage({ own, independent: sampled, witnesses, proven, independentServers }),
    'README.md': markSummary(
      readPage('README.md'),
      `${summarize(own)}; in a sample of independent servers: ${summarize(sampled)}`,
    ),
  }).filter(([file, text]) => readPage(file) !== text);
  const problems = explainWitnesses(witnesses, proven);
  if (compareOnly) {
    return [...problems, ...outdated.map(([file]) => `${file}: outdated: run \`npm run lab -- proof\` and commit it`)];
  }
  for (const [file, text] of outdated) {
    writeFileSync(`${root}${file}`, text);
    print(`${file}: written`);
  }
  return problems;
}

/** Tries all subjects. An independent server that is right is tried a second time, with URL and token only. */
async function tryAll(some: readonly Subject[], run: Run): Promise<Trial[]> {
  const slowestFirst = some.toSorted((one, other) => Number(slow.test(other.id)) - Number(slow.test(one.id)));
  const step = Math.ceil(some.length / 10);
  let done = 0;
  const trials = slowestFirst.map(async (subject) => {
    const name = nameSubject(subject);
    const trial = await run({ name });
    const others = subject.isIndependent && subject.kind === 'control' ? [await run({ name, bare: true })] : [];
    if (++done % step === 0 || done === some.length) print(`${done} of ${some.length} servers tried`);
    return [name, [trial, ...others]] as const;
  });
  const byName = new Map(await Promise.all(trials));
  return some.flatMap((subject) => byName.get(nameSubject(subject)) ?? []);
}

/**
 * Finds for each requirement a fault that nothing else finds, and for each check one that no other check of its
 * requirement finds. A fault that had this part before is tried first, then those whose trial promises it.
 */
async function findWitnesses(
  { requirements, checks }: Proven,
  former: readonly Witness[],
  trials: readonly Trial[],
  run: Run,
): Promise<Witness[]> {
  const faults = trials.filter(({ kind, id }) => kind === 'fault' && subjects.some((subject) => subject.id === id));
  const wanted = [
    ...requirements.map(({ id }) => ({ requirement: id, check: undefined })),
    ...checks.map(({ requirement, name }) => ({ requirement, check: name })),
  ];
  return Promise.all(
    wanted.map(async ({ requirement, check }): Promise<Witness> => {
      const last = former.find((one) => one.requirement === requirement && one.check === check)?.fault;
      const candidates = faults.filter((trial) => trial.id === last || promises(trial, requirement, check));
      candidates.sort((one, other) => Number(other.id === last) - Number(one.id === last));
      for (const candidate of candidates) {
        if (await isWitness(candidate, requirement, check, run)) return { requirement, check, fault: candidate.id };
      }
      return { requirement, check, fault: undefined };
    }),
  );
}

function promises({ findings, expected }: Trial, requirement: string, check: string | undefined): boolean {
  if (check === undefined) return (expected ?? findings.map((finding) => finding.requirement)).join() === requirement;
  return findings.some((finding) => finding.requirement === requirement && finding.checks.join() === check);
}

/** Tries a fault on everything, or on all cases of the requirement whose check is meant. */
async function isWitness(trial: Trial, requirement: string, check: string | undefined, run: Run): Promise<boolean> {
  // A self-check has seen all cases that a wrong answer concerns.
  if (check === undefined && trial.expected !== undefined) return trial.expected.join() === requirement;
  const scope = check === undefined ? 'everything' : requirement;
  const { findings } = await run({ name: nameSubject(trial), scope });
  return check === undefined
    ? findings.map((finding) => finding.requirement).join() === requirement
    : findings.some((finding) => finding.requirement === requirement && finding.checks.join() === check);
}
