import { selectCases } from '../../../conformance/cases/select.ts';
import type { Case } from '../../../conformance/cases/case.ts';
import type { FuzzCase } from '../../../conformance/cases/fuzz.ts';
import { createSuite, type Suite } from '../../../conformance/cases/suite.ts';
import { readContract } from '../../../conformance/contract/contract.ts';
import { readRequirements } from '../../../conformance/contract/requirements.ts';
import { judge, type Outcome } from '../../../conformance/report/verdict.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import { startRun } from '../../../conformance/run/execute.ts';
import { runCases } from '../../../conformance/run/run-cases.ts';
import { exampleFixture, type Fixture } from '../../../conformance/call/fixture.ts';
import { leaksOf } from './leaks.ts';
import type { Subject } from './subjects.ts';

/** The profiles that the catalogue is about. */
export const profiles: readonly string[] = ['core', 'bulk'];

const token = 'proof-token';

/** More than requests under way at once, since cases wait for each other's readings. */
const casesAtOnce = 16;

/** Long enough for every control of the catalogue on a busy machine, short for the faults that never answer. */
const limits = { concurrency: 8, timeout: 3000, effectTimeout: 1000 };

/** What the suite found of one server. It can be sent from thread to thread. */
export interface Trial {
  readonly kind: Subject['kind'];
  readonly id: string;
  readonly verdict: Verdict;
  /** The requirements that the server does not honour, by their ids. */
  readonly findings: readonly Finding[];
  /** The errors of the suite itself. */
  readonly errors: readonly string[];
  /** In which ways the results show the token. */
  readonly leaks: readonly string[];
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
export async function prepareExamination(): Promise<Examination> {
  const contract = readContract();
  const suite = createSuite(contract, readRequirements());
  const fixture = exampleFixture(contract);
  const cases = selectCases(suite, fixture, { profiles, only: [], fuzz: undefined });
  return { suite, fixture, cases };
}

/** Runs the suite against one server, which is started and closed. */
export async function trySubject({ suite, fixture, cases }: Examination, subject: Subject): Promise<Trial> {
  const started = performance.now();
  const server = await subject.start();
  const target = { baseUrl: server.url, loopback: true, token, tokenNamed: true, fixture, profiles, ...limits };
  const run = startRun(suite, target);
  try {
    const results = await runCases(run, cases, casesAtOnce);
    const outcome = judge(suite.requirements, results, { profiles, strict: false, partial: false });
    return {
      kind: subject.kind,
      id: subject.id,
      verdict: outcome.verdict,
      findings: findingsOf(outcome),
      errors: results.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => `${id}: ${reason}`),
      leaks: leaksOf(token, JSON.stringify(outcome)),
      duration: performance.now() - started,
    };
  } finally {
    await run.close();
    await server.close();
  }
}

function findingsOf({ requirements, cases }: Outcome): Finding[] {
  const violations = cases
    .filter(({ verdict }) => verdict !== 'unreached')
    .flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'violated'));
  return requirements
    .flatMap(({ requirement: { id }, outcome }): Finding[] => {
      if (outcome !== 'violated' && outcome !== 'warned') return [];
      const checks = violations.filter(({ requirement }) => requirement === id).map(({ check }) => check);
      return [{ requirement: id, outcome, checks: [...new Set(checks)].sort() }];
    })
    .toSorted((one, other) => compare(one.requirement, other.requirement));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
