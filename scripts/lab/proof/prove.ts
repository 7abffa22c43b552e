import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { parse } from 'yaml';
import { z } from 'zod';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { assess, explainWitnesses, summarize, type Assessment, type Proven, type Witness } from './assessment.ts';
import { matchSubjects, nameSubject, subjects, type Subject } from './catalogue.ts';
import { independentSubjects, prepareLanguages } from './catalogue.ts';
import { markSummary, readWitnesses, writePage } from './page.ts';
import { listCatalogueCases, listChecks, profiles, suite, type Assignment, type Trial } from './trial.ts';

/** The options of the proof. */
export interface ProofOptions {
  readonly only?: string;
  readonly check?: boolean;
  /** True to try all independent servers, and not a sample of them. */
  readonly independent?: boolean;
  /** True to try the servers in Python and Go too, where these are there. */
  readonly languages?: boolean;
  readonly jobs: number;
}

interface Output {
  write(text: string): unknown;
}

/** Tries servers on threads. */
export interface Pool {
  run(assignment: Assignment): Promise<Trial>;
}

/** The number of servers that a thread examines at once: most of the time most of them wait. */
const serversAtOnce = 6;

/** Families of servers that answer late or never. They are tried first, so that nothing waits for them in the end. */
const slowFamilies = ['protocol', 'transport', 'effects', 'concurrency', 'mock'];

/** Begins the ids of independent servers, whose packages are installed only if they are wanted. */
const independentPattern = /^(?:express|fastify|koa|hono|nest|fastapi|go)\b/;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = 'scripts/lab/PROOF.md';
const equivalents = z.array(z.strictObject({ requirement: z.string(), why: z.string() }));

/**
 * Runs the suite against the servers of the catalogue, prints what it found, and writes or compares the pages that show
 * it.
 *
 * @returns The exit code: 0 proved, 1 something is to be mended.
 * @throws InputError if no server matches.
 */
export async function prove(options: ProofOptions, output: Output): Promise<number> {
  const { only, check = false, jobs } = options;
  if (options.languages) await prepareLanguages((line) => output.write(`${line}\n`));
  const independent = only === undefined || independentPattern.test(only) ? await independentSubjects() : [];
  const sample = sampleIndependent(independent);
  const all = [...subjects, ...(options.independent || only !== undefined ? independent : sample)];
  const selected = only === undefined ? all : matchSubjects(all, only);
  if (selected.length === 0) throw new InputError(`No fault or control matches ${only}: see ${page} for the ids.`);
  const started = performance.now();
  const proven = readProven();
  const text = readFileSync(`${root}${page}`, 'utf8');
  const [trials, witnesses] = await withThreads(jobs, async (pool) => {
    const tried = await tryAll(selected, pool, reportProgress(selected.length, output));
    return [tried, only === undefined ? await findWitnesses(proven, readWitnesses(text), tried, pool) : []] as const;
  });
  const assessment = assess(selected, trials);
  const problems = [...assessment.problems, ...(only === undefined ? explainWitnesses(witnesses, proven) : [])];
  const shown = only === undefined ? assess([...subjects, ...sample.filter(isOfFramework)], trials) : assessment;
  const independentServers = independent.filter(isOfFramework).length;
  const written = only === undefined ? writePage({ assessment: shown, witnesses, proven, independentServers }) : text;
  const outdated = only === undefined ? updatePages(written, shown, check) : [];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const requests = trials.reduce((sum, trial) => sum + trial.requests, 0);
  const lines = [
    ...describeResults(assessment, only !== undefined),
    ...problems,
    ...outdated.map((file) =>
      check ? `${file}: outdated: run \`npm run lab -- proof\` and commit it` : `${file}: written`,
    ),
    `${summarize(assessment)} (${seconds} s, ${requests} requests)`,
  ];
  output.write(`${lines.join('\n')}\n`);
  return problems.length > 0 || (check && outdated.length > 0) ? 1 : 0;
}

/** Reads the requirements and checks of the suite, and the exceptions. */
export function readProven(): Proven {
  const requirements = suite.requirements.filter(
    ({ profile, excluded }) => profiles.includes(profile) && excluded === undefined,
  );
  const text = readFileSync(new URL('equivalents.yaml', import.meta.url), 'utf8');
  return { requirements, checks: listChecks(listCatalogueCases()), equivalents: equivalents.parse(parse(text)) };
}

/** Chooses each independent server as it is, and every tenth of the unusual and faulty ones: the same in every run. */
function sampleIndependent(all: readonly Subject[]): Subject[] {
  return all.filter(({ id }, index) => id.endsWith('/plain') || index % 10 === 3);
}

/** Tells whether a server is there on every machine: those in other languages are tried where these are installed. */
function isOfFramework({ id }: Subject): boolean {
  return !/^(?:fastapi|go)\//.test(id);
}

/** Starts threads, and ends them when their work is done. */
export async function withThreads<Result>(threads: number, work: (pool: Pool) => Promise<Result>): Promise<Result> {
  const pool = new Tinypool({
    filename: new URL('trial.ts', import.meta.url).href,
    name: 'tryAssignment',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: serversAtOnce,
    isolateWorkers: false,
  });
  try {
    return await work({ run: (assignment) => pool.run(assignment) as Promise<Trial> });
  } finally {
    await pool.destroy();
  }
}

/** Tries all subjects. An independent server that is right is tried a second time, with URL and token only. */
export async function tryAll(some: readonly Subject[], pool: Pool, onTrial: (done: number) => void): Promise<Trial[]> {
  const slowestFirst = some.toSorted((one, other) => Number(isSlow(other)) - Number(isSlow(one)));
  let done = 0;
  const trials = slowestFirst.map(async (subject) => {
    const name = nameSubject(subject);
    const trial = await pool.run({ name });
    const others = subject.isIndependent && subject.kind === 'control' ? [await pool.run({ name, bare: true })] : [];
    onTrial(++done);
    return [name, [trial, ...others]] as const;
  });
  const byName = new Map(await Promise.all(trials));
  return some.flatMap((subject) => byName.get(nameSubject(subject)) ?? []);
}

function isSlow({ id }: Subject): boolean {
  return slowFamilies.some((family) => id.startsWith(`${family}/`));
}

/**
 * Finds for each requirement a fault that nothing else finds, and for each check one that no other check of its
 * requirement finds. A fault that had this part before is tried first, then those whose trial promises it.
 */
async function findWitnesses(
  { requirements, checks }: Proven,
  former: readonly Witness[],
  trials: readonly Trial[],
  pool: Pool,
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
        if (await isWitness(candidate, requirement, check, pool)) return { requirement, check, fault: candidate.id };
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
async function isWitness(trial: Trial, requirement: string, check: string | undefined, pool: Pool): Promise<boolean> {
  // A self-check has seen all cases that a wrong answer concerns.
  if (check === undefined && trial.expected !== undefined) return trial.expected.join() === requirement;
  const scope = check === undefined ? 'everything' : requirement;
  const { findings } = await pool.run({ name: nameSubject(trial), scope });
  return check === undefined
    ? findings.map((finding) => finding.requirement).join() === requirement
    : findings.some((finding) => finding.requirement === requirement && finding.checks.join() === check);
}

function reportProgress(total: number, output: Output): (done: number) => void {
  const step = Math.ceil(total / 10);
  return (done) => {
    if (done % step === 0 || done === total) output.write(`${done} of ${total} servers tried\n`);
  };
}

function describeResults({ faults, controls }: Assessment, all: boolean): string[] {
  if (!all) return [];
  return [
    ...faults.map(({ id, foundBy }) => `fault ${id}: ${foundBy.join(', ') || 'not found'}`),
    ...controls.map(({ id, verdict, findings }) => `control ${id}: ${[verdict, ...findings].join(', ')}`),
  ];
}

/** Writes the pages that differ from the assessment, or only compares them. Returns their paths. */
function updatePages(written: string, assessment: Assessment, compareOnly: boolean): string[] {
  const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
  const [own, sample] = [false, true].map((wanted) =>
    summarize({
      faults: assessment.faults.filter(({ isIndependent }) => isIndependent === wanted),
      controls: assessment.controls.filter(({ isIndependent }) => isIndependent === wanted),
    }),
  );
  const pages = new Map([
    [page, written],
    ['README.md', markSummary(read('README.md'), `${own}; in a sample of independent servers: ${sample}`)],
  ]);
  const outdated = [...pages].filter(([file, text]) => read(file) !== text);
  if (!compareOnly) for (const [file, text] of outdated) writeFileSync(`${root}${file}`, text);
  return outdated.map(([file]) => file);
}
