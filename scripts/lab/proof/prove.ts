import { readContract } from '../../../conformance/contract/contract.ts';
import { readRequirements, type Requirement } from '../../../conformance/contract/requirements.ts';
import { createSuite } from '../../../conformance/cases/suite.ts';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { assess, type Assessment } from './assessment.ts';
import { readEquivalents } from './equivalents.ts';
import { outdatedFiles, proofFiles, proofJson, writeFiles } from './files.ts';
import { subjects, subjectsMatching, type Subject } from './subjects.ts';
import { summaryLine } from './summary.ts';
import { profiles } from './trial.ts';
import { tryAll } from './workers.ts';

/** The command line of the proof. */
export interface ProofOptions {
  readonly only?: string;
  readonly check?: boolean;
  readonly json?: string;
  readonly jobs: number;
}

/** What the command line makes of a proof. */
export interface ProofResult {
  readonly exitCode: number;
  readonly json: string;
}

interface Output {
  write(text: string): unknown;
}

/**
 * Runs the suite against the servers of the catalogue, tells what it found, and writes or checks the pages that show it.
 *
 * @throws InputError if no server matches.
 */
export async function prove({ only, check = false, jobs }: ProofOptions, output: Output): Promise<ProofResult> {
  const isWhole = only === undefined;
  const requirements = provenRequirements();
  const equivalents = readEquivalents();
  const selected = selectedSubjects(requirements, only);
  const started = performance.now();
  const { trials, requests } = await tryAll(selected, jobs, progress(selected.length, output));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  const assessment = assess(selected, trials, isWhole ? requirements : [], isWhole ? equivalents : []);
  const files = isWhole ? proofFiles(assessment, equivalents) : new Map<string, string>();
  const outdated = outdatedFiles(files);
  if (!check) writeFiles(files);
  const problems = [...assessment.problems, ...(check ? outdated.map(outdatedProblem) : [])];
  const written = check ? [] : outdated.map((file) => `${file}: written`);

  const summary = `${summaryLine(assessment)} (${seconds} s, ${requests} requests)`;
  output.write([...(isWhole ? [] : details(assessment)), ...problems, ...written, summary, ''].join('\n'));
  return { exitCode: problems.length === 0 ? 0 : 1, json: proofJson(assessment) };
}

/** The requirements that faults must prove. */
function provenRequirements(): Requirement[] {
  const { requirements } = createSuite(readContract(), readRequirements());
  return requirements.filter(({ profile, excluded }) => profiles.includes(profile) && excluded === undefined);
}

function selectedSubjects(requirements: readonly Requirement[], only: string | undefined): Subject[] {
  const proven = new Set(requirements.map(({ id }) => id));
  const matching = only === undefined ? subjects : subjectsMatching(only);
  const selected = matching.filter((subject) => subject.kind === 'control' || proven.has(subject.requirement));
  if (selected.length === 0)
    throw new InputError(`No fault or control matches ${only}: see scripts/lab/proof/PROOF.md for the ids.`);
  return selected;
}

function progress(total: number, output: Output): (done: number) => void {
  const step = Math.ceil(total / 10);
  return (done) => {
    if (done % step === 0 || done === total) output.write(`${done} of ${total} servers tried\n`);
  };
}

function details({ faults, controls }: Assessment): string[] {
  return [
    ...faults.flatMap(({ id, requirement, isFound, checks, others }) => [
      `fault ${id}`,
      `  ${isFound ? `found by ${requirement}: ${checks.join('; ')}` : `not found by ${requirement}`}`,
      ...(others.length === 0 ? [] : [`  and by ${others.join(', ')}`]),
    ]),
    ...controls.flatMap(({ id, verdict, findings }) => [`control ${id}`, `  ${[verdict, ...findings].join(', ')}`]),
  ];
}

function outdatedProblem(file: string): string {
  return `${file}: is not what the proof gives: run \`npm run lab -- proof\` and commit the result`;
}
