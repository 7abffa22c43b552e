import { workerData, type MessagePort } from 'node:worker_threads';
import type { Requirement } from '../contract/requirements.ts';
import type { ConformanceInput } from '../suite-input.ts';
import { beginRun, prepareRun, type PreparedRun } from '../suite-run.ts';
import { assertFixtureFits } from './fixture-patterns.ts';
import { assertPatternsMatch } from './only.ts';
import { assertShardHasCases } from './shard.ts';
import { undertakingOf, type Undertaking } from './undertaking.ts';

/** What the command asks of the suite's thread, in this order. */
export type SuiteRequest =
  | { readonly kind: 'prepare'; readonly input: ConformanceInput }
  | { readonly kind: 'begin'; readonly interruption: string }
  | { readonly kind: 'serve vitest' };

/** What is answered to a request of a kind. */
export interface SuiteAnswer {
  readonly kind: SuiteRequest['kind'];
  readonly value?: unknown;
  readonly failure?: Error;
}

/** What is known of a run before anything is sent. */
export interface Preparation {
  /** How many cases are run. */
  readonly cases: number;
  readonly requirements: readonly Requirement[];
  /** What the run is going to move on a live system, if anything. */
  readonly undertaking: Undertaking | undefined;
}

/** Where the command asks; vitest has the port that every thread has. */
const port = workerData as MessagePort;

let prepared: PreparedRun | undefined;

port.on('message', async (request: SuiteRequest) => {
  const { kind } = request;
  const answer: SuiteAnswer = await perform(request).then(
    (value) => ({ kind, value }),
    (failure: Error) => ({ kind, failure }),
  );
  port.postMessage(answer);
});

async function perform(request: SuiteRequest): Promise<unknown> {
  if (request.kind === 'prepare') return prepare(request.input);
  if (request.kind === 'begin') return prepared && beginRun(prepared, request.interruption).pause;
  // Loaded late: until vitest is there, the run has the thread for itself.
  await import('./vitest-worker.ts');
}

/** @throws InputError if the fixture, a pattern or a shard is not as it must be, or Error if the run cannot be prepared. */
async function prepare(input: ConformanceInput): Promise<Preparation> {
  const run = await prepareRun(input);
  const { suite, target, source, allCases, cases, selection } = run;
  assertFixtureFits(suite, target.fixture);
  assertPatternsMatch(selection.only, { suite, profiles: selection.profiles, cases: allCases });
  assertShardHasCases(selection.shard, allCases);
  prepared = run;
  const undertaking = target.loopback ? undefined : undertakingOf(suite, cases, target, source);
  return { cases: cases.length, requirements: suite.requirements, undertaking };
}
