import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { parse } from 'yaml';
import { z } from 'zod';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { assess, summarize, type Assessment, type Proven } from './assessment.ts';
import { markSummary, writePage } from './page.ts';
import { nameSubject, subjects, subjectsMatching, type Subject } from './subjects.ts';
import { listChecks, prepareExamination, profiles, type Trial } from './trial.ts';

/** The options of the proof. */
export interface ProofOptions {
  readonly only?: string;
  readonly check?: boolean;
  readonly jobs: number;
}

interface Output {
  write(text: string): unknown;
}

/** The number of servers that a thread examines at once: most of the time most of them wait. */
const serversAtOnce = 6;

/** Families of servers that answer late or never. They are tried first, so that nothing waits for them in the end. */
const slowFamilies = ['protocol', 'transport', 'effects', 'concurrency', 'mock'];

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
export async function prove({ only, check = false, jobs }: ProofOptions, output: Output): Promise<number> {
  const proven = readProven();
  const selected = selectSubjects(proven, only);
  const started = performance.now();
  const trials = await tryAll(selected, jobs, reportProgress(selected.length, output));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const requests = trials.reduce((sum, trial) => sum + trial.requests, 0);

  const assessment = assess(selected, trials, only === undefined ? proven : undefined);
  const outdated = only === undefined ? updatePages(assessment, proven, check) : [];
  const lines = [
    ...(only === undefined ? [] : describeResults(assessment)),
    ...assessment.problems,
    ...outdated.map((file) =>
      check ? `${file}: outdated: run \`npm run lab -- proof\` and commit it` : `${file}: written`,
    ),
    `${summarize(assessment)} (${seconds} s, ${requests} requests)`,
  ];
  output.write(`${lines.join('\n')}\n`);
  return assessment.problems.length > 0 || (check && outdated.length > 0) ? 1 : 0;
}

function readProven(): Proven {
  const examination = prepareExamination();
  const requirements = examination.suite.requirements.filter(
    ({ profile, excluded }) => profiles.includes(profile) && excluded === undefined,
  );
  const text = readFileSync(new URL('equivalents.yaml', import.meta.url), 'utf8');
  return { requirements, checks: listChecks(examination), equivalents: equivalents.parse(parse(text)) };
}

function selectSubjects({ requirements }: Proven, only: string | undefined): Subject[] {
  const ids = new Set(requirements.map(({ id }) => id));
  const matching = only === undefined ? subjects : subjectsMatching(only);
  const selected = matching.filter(
    (subject) => subject.kind === 'control' || subject.requirement === undefined || ids.has(subject.requirement),
  );
  if (selected.length === 0) throw new InputError(`No fault or control matches ${only}: see ${page} for the ids.`);
  return selected;
}

/** Tries all subjects on some threads, several at once on each. Resolves with the trials in the order of the subjects. */
export async function tryAll(
  some: readonly Subject[],
  threads: number,
  onTrial: (done: number) => void,
): Promise<Trial[]> {
  const pool = new Tinypool({
    filename: new URL('trial.ts', import.meta.url).href,
    name: 'tryByName',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: serversAtOnce,
    isolateWorkers: false,
  });
  try {
    const names = some.map(nameSubject);
    const slowestFirst = names.toSorted((one, other) => Number(isSlow(other)) - Number(isSlow(one)));
    let done = 0;
    const trials = slowestFirst.map(async (name): Promise<[string, Trial]> => {
      const trial = (await pool.run(name)) as Trial;
      onTrial(++done);
      return [name, trial];
    });
    const byName = new Map(await Promise.all(trials));
    return names.flatMap((name) => byName.get(name) ?? []);
  } finally {
    await pool.destroy();
  }
}

function isSlow(name: string): boolean {
  return slowFamilies.some((family) => name.includes(` ${family}/`));
}

function reportProgress(total: number, output: Output): (done: number) => void {
  const step = Math.ceil(total / 10);
  return (done) => {
    if (done % step === 0 || done === total) output.write(`${done} of ${total} servers tried\n`);
  };
}

function describeResults({ faults, controls }: Assessment): string[] {
  return [
    ...faults.map(({ id, foundBy }) => `fault ${id}: ${foundBy.join(', ') || 'not found'}`),
    ...controls.map(({ id, verdict, findings }) => `control ${id}: ${[verdict, ...findings].join(', ')}`),
  ];
}

/** Writes the pages that differ from the assessment, or only compares them. Returns their paths. */
function updatePages(assessment: Assessment, proven: Proven, compareOnly: boolean): string[] {
  const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
  const pages = new Map([
    [page, writePage(assessment, proven)],
    ['README.md', markSummary(read('README.md'), summarize(assessment))],
  ]);
  const outdated = [...pages].filter(([file, text]) => read(file) !== text);
  if (!compareOnly) for (const [file, text] of outdated) writeFileSync(`${root}${file}`, text);
  return outdated.map(([file]) => file);
}
