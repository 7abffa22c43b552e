import { subscribe } from 'node:diagnostics_channel';
import type { Case } from '../../../conformance/cases/case.ts';
import { selectCases } from '../../../conformance/cases/select.ts';
import type { FuzzCase } from '../../../conformance/cases/fuzz.ts';
import { createSuite, type Suite } from '../../../conformance/cases/suite.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import { exampleFixture, type Fixture } from '../../../conformance/call/fixture.ts';
import { readContract } from '../../../conformance/contract/contract.ts';
import { readRequirements } from '../../../conformance/contract/requirements.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import { judge, type Outcome } from '../../../conformance/report/verdict.ts';
import { startRun, type RunObserver } from '../../../conformance/run/execute.ts';
import { runCases } from '../../../conformance/run/schedule.ts';
import { checkAgainstWrongAnswers, type RecordedCase } from '../../../conformance/run/self-check.ts';
import type { WrongAnswer } from '../../../conformance/self-check/wrong-answer.ts';
import { startCompleteMock } from '../faults/wrong-answers.ts';
import { findLeaks } from './leaks.ts';
import { nameSubject, subjects, type Subject } from './subjects.ts';

/** The profiles that the catalogue is about. */
export const profiles: readonly string[] = ['core', 'bulk'];

const token = 'proof-token';

/** More than requests under way at once, since cases wait for each other's readings. */
const casesAtOnce = 16;

/** Long enough for every unusual server on a busy machine, short for the faults that never answer. In milliseconds. */
const limits = { concurrency: 8, timeout: 3000, effectTimeout: 1000 };

/** The findings of the suite about one server. Serialisable. */
export interface Trial {
  readonly kind: Subject['kind'];
  readonly id: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** The requirements that a self-check says would find the wrong answer; undefined for other servers. */
  readonly expected?: readonly string[];
  /** The errors of the suite itself. */
  readonly errors: readonly string[];
  /** The encodings in which the results show the token. */
  readonly leaks: readonly string[];
  /** The requests that the thread has sent since its last trial ended, those of proxies included. */
  readonly requests: number;
  /** In milliseconds. */
  readonly duration: number;
}

/** A requirement that a server does not honour, and the checks that found it out. */
export interface Finding {
  readonly requirement: string;
  readonly outcome: 'violated' | 'warned';
  readonly checks: readonly string[];
}

/** The suite, with its cases made once for all trials. */
export interface Examination {
  readonly suite: Suite;
  readonly fixture: Fixture;
  readonly cases: readonly (Case | FuzzCase)[];
}

/** Prepares the suite of this repository for trials. */
export function prepareExamination(): Examination {
  const contract = readContract();
  const suite = createSuite(contract, readRequirements());
  const fixture = exampleFixture(contract);
  const cases = selectCases(suite, fixture, { profiles, only: [], fuzz: undefined });
  return { suite, fixture, cases };
}

/** Returns each check of the cases once, by its requirement and name. */
export function listChecks({ cases }: Examination): Pick<Check, 'requirement' | 'name'>[] {
  const checks = cases.flatMap((testCase): readonly Check[] => testCase.checks);
  return [
    ...new Map(checks.map(({ requirement, name }) => [`${requirement}: ${name}`, { requirement, name }])).values(),
  ];
}

let requests = 0;
subscribe('http.client.request.start', () => requests++);

let examined: Examination | undefined;

/** Tries the subject of a name. The function that a thread of the proof runs. */
export async function tryByName(name: string): Promise<Trial> {
  const examination = (examined ??= prepareExamination());
  const subject = subjects.find((candidate) => nameSubject(candidate) === name);
  if (subject === undefined) throw new Error(`The catalogue has no ${name}.`);
  return subject.kind === 'fault' && subject.wrongAnswer !== undefined
    ? tryWrongAnswer(examination, subject, subject.wrongAnswer)
    : trySubject(examination, subject);
}

/** Runs the suite against one server, which is started and closed. */
export async function trySubject({ suite, fixture, cases }: Examination, subject: Subject): Promise<Trial> {
  const started = performance.now();
  const server = await subject.start();
  const run = startRun(suite, describeTarget(server.url, fixture));
  try {
    const results = await runCases(run, cases, casesAtOnce);
    const outcome = judge(suite.requirements, results, { profiles, strict: false, partial: false });
    return {
      kind: subject.kind,
      id: subject.id,
      verdict: outcome.verdict,
      findings: listFindings(outcome),
      errors: results.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => `${id}: ${reason}`),
      leaks: findLeaks(token, JSON.stringify(outcome)),
      requests,
      duration: performance.now() - started,
    };
  } finally {
    requests = 0;
    await run.close();
    await server.close();
  }
}

function describeTarget(baseUrl: string, fixture: Fixture) {
  return { baseUrl, loopback: true, token, tokenNamed: true, fixture, profiles, ...limits };
}

function listFindings({ requirements, cases }: Outcome): Finding[] {
  const violations = cases
    .filter(({ verdict }) => verdict !== 'unreached')
    .flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'violated'));
  const findings = requirements.flatMap(({ requirement: { id }, outcome }): Finding[] => {
    if (outcome !== 'violated' && outcome !== 'warned') return [];
    const checks = violations.filter(({ requirement }) => requirement === id).map(({ check }) => check);
    return [{ requirement: id, outcome, checks: [...new Set(checks)].sort() }];
  });
  return findings.toSorted((one, other) => (one.requirement < other.requirement ? -1 : 1));
}

let recorded: Promise<readonly RecordedCase[]> | undefined;

/**
 * Tries the cases that a wrong answer concerns, and their controls. In all other cases the server answers as the mock
 * does, which is tried by itself. A self-check of the recorded run says which requirements are to find the wrong answer.
 */
async function tryWrongAnswer(examination: Examination, subject: Subject, wrongAnswer: WrongAnswer): Promise<Trial> {
  const recording = await (recorded ??= record(examination));
  const { suite, cases } = examination;
  const concerned = recording.filter(({ exchanges }) => exchanges.some((exchange) => wrongAnswer.change(exchange)));
  const ids = new Set(concerned.flatMap(({ testCase: { id, control } }) => [id, control]));
  const tried = recording.filter(({ testCase }) => ids.has(testCase.id));
  const { tried: results } = checkAgainstWrongAnswers(suite, cases, tried, [wrongAnswer]);
  const trial = await trySubject({ ...examination, cases: cases.filter(({ id }) => ids.has(id)) }, subject);
  return { ...trial, expected: results.flatMap(({ caughtBy }) => caughtBy) };
}

async function record({ suite, fixture, cases }: Examination): Promise<readonly RecordedCase[]> {
  const recording: RecordedCase[] = [];
  const observe: RunObserver = (testCase, exchanges) => {
    if (!('recipes' in testCase)) recording.push({ testCase, exchanges });
  };
  const server = await startCompleteMock();
  const run = startRun(suite, describeTarget(server.url, fixture), { observe });
  await runCases(run, cases, casesAtOnce);
  await run.close();
  await server.close();
  return recording;
}
