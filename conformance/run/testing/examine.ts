import { selectCases, type Selection } from '../../cases/select.ts';
import { createSuite } from '../../cases/suite.ts';
import { exampleFixture } from '../../call/fixture.ts';
import { readContract } from '../../contract/contract.ts';
import { readRequirements } from '../../contract/requirements.ts';
import { judge } from '../../report/verdict.ts';
import type { Behaviour } from '../../../scripts/lab/servers/plain/behaviour.ts';
import { startPlainServer } from '../../../scripts/lab/servers/plain/start.ts';
import type { Target } from '../target.ts';
import { startRun, type RunOptions } from '../execute.ts';
import { casesAtOnce, runCases } from '../schedule.ts';

export const suite = createSuite(readContract(), readRequirements());
export const fixture = exampleFixture(suite.contract);

/** The options of an examination: those of a run, and its choice of cases. */
export interface Examination extends RunOptions, Partial<Selection> {
  /** The number of cases at once. */
  readonly atOnce?: number;
}

/** Returns a target on this machine with the fixture of the examples, apart from some changes. */
export function targetAt(baseUrl: string, changes: Partial<Target> = {}): Target {
  const limits = { concurrency: 8, timeout: 5000, effectTimeout: 1000 };
  const authorization = { token: 'proof-token', tokenNamed: true };
  return { baseUrl, loopback: true, ...authorization, fixture, profiles: ['core'], ...limits, ...changes };
}

/** Matches cases that resemble others: of a run they tell nothing more, and tests are faster without. */
const alike =
  /^(?:reading\/)?(?:(?:by|with|to|from|without)-|path\/(?:userId|extension)\/\w+-|body\/(?:action|transfer\w+)\/\w+-)/;

/** Runs the suite against a target, or the cases that patterns name, and judges the results. */
export async function examineTarget(target: Target, { only = [], fuzz, seed, atOnce, ...options }: Examination = {}) {
  const { profiles } = target;
  const known = selectCases(suite, target.fixture, { profiles, only, fuzz, seed });
  const selected = only.length > 0 ? known : known.filter(({ id }) => !alike.test(id));
  const run = startRun(suite, target, options);
  const results = await runCases(run, selected, atOnce ?? casesAtOnce);
  const remarks = await run.close();
  const judged = judge(suite.requirements, results, { profiles, strict: false, partial: only.length > 0, only });
  const listWith = (wanted: string) =>
    judged.requirements.filter(({ outcome }) => outcome === wanted).map(({ requirement }) => requirement.id);
  return {
    ...judged,
    selected,
    results,
    remarks,
    violated: listWith('violated'),
    met: listWith('met'),
    unreached: listWith('unreached'),
    none: listWith('not applicable'),
    find: (id: string) => judged.cases.find((each) => each.id === id),
  };
}

/** Runs the suite against a server that behaves as documented, apart from some changes. */
export async function examine(behaviour: Partial<Behaviour>, changes?: Partial<Target>, options?: Examination) {
  const server = await startPlainServer({ behaviour });
  try {
    return await examineTarget(targetAt(server.url, changes), options);
  } finally {
    await server.close();
  }
}
