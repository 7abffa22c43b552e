import { parentPort } from 'node:worker_threads';
import type { Requirement } from '../../conformance/contract/requirements.ts';
import type { ConformanceInput } from '../../conformance/suite-input.ts';
import { beginRun, prepareRun, type PreparedRun } from '../../conformance/suite-run.ts';
import { assertFixtureFits } from './fixture-patterns.ts';
import { assertPatternsMatch } from './only.ts';
import { assertShardHasCases } from './shard.ts';
import { undertakingOf, type Undertaking } from './undertaking.ts';

/** What the command asks of the suite's thread, in this order. */
export type SuiteRequest =
  | { readonly kind: 'prepare'; readonly input: ConformanceInput }
  | { readonly kind: 'begin'; readonly interruption: string }
  | { readonly kind: 'serve vitest' };

/** What is answered to a request, but for the one that begins the run. */
export interface SuiteAnswer {
  readonly value?: unknown;
  readonly failure?: Error;
}

/** What is known of a run before anything is sent. */
export interface Preparation {
  /** How many cases are run. */
  readonly cases: number;
  readonly requirements: readonly Requirement[];
  /** What the run is going to move, if anything. */
  readonly undertaking: Undertaking | undefined;
}

const port = parentPort;
if (port === null) throw new Error('This is the entry of a thread: start it with SuiteThread.');

let prepared: PreparedRun | undefined;

port.on('message', async (request: SuiteRequest) => {
  if (request.kind === 'prepare') await answer(prepare(request.input));
  if (request.kind === 'begin' && prepared !== undefined) beginRun(prepared, request.interruption);
  // Loaded late: until vitest is there, the run has the thread for itself.
  if (request.kind === 'serve vitest') await answer(import('./vitest-worker.ts').then(() => undefined));
});

async function answer(value: Promise<unknown>): Promise<void> {
  const answered: SuiteAnswer = await value.then(
    (known) => ({ value: known }),
    (failure: Error) => ({ failure }),
  );
  port?.postMessage(answered);
}

/** @throws InputError if the fixture, a pattern or a shard is not as it must be, or Error if the run cannot be prepared. */
async function prepare(input: ConformanceInput): Promise<Preparation> {
  const run = (prepared = await prepareRun(input));
  const { suite, target, source, allCases, cases, selection } = run;
  assertFixtureFits(suite, target.fixture);
  assertPatternsMatch(selection.only, { suite, profiles: selection.profiles, cases: allCases });
  assertShardHasCases(selection.shard, allCases);
  const { requirements } = suite;
  return { cases: cases.length, requirements, undertaking: undertakingOf(suite, cases, target, source) };
}
