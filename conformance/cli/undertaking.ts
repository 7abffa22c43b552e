import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { controlTransfer } from '../cases/plan.ts';
import type { Suite } from '../cases/suite.ts';
import { missingOf } from '../run/features.ts';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import type { Target } from '../target/target.ts';

/** What a run is going to move, as far as a server keeps to the contract, and what it sends beside. */
export interface Undertaking {
  readonly baseUrl: string;
  /** What is transferred, in words. */
  readonly call: string;
  readonly extension: string;
  readonly sendTo: readonly string[];
  /** How many valid transfers of the call are sent. */
  readonly transfers: number;
  /** How many valid transfers of all calls are sent. */
  readonly bulkTransfers: number;
  /** How many transfers are sent that must be refused, apart from what makes a generated value smaller. */
  readonly refusals: number;
}

/** What a run of some cases is going to do to the calls of its target, or undefined if it sends no transfer at all. */
export function undertakingOf(
  suite: Suite,
  cases: readonly (Case | FuzzCase)[],
  target: Target,
  placesCalls: boolean,
): Undertaking | undefined {
  const missing = missingOf(target, placesCalls);
  const sent = cases
    .filter(({ needs }) => !needs.some((feature) => missing.has(feature)))
    .filter(({ effect }) => target.readOnly !== true || !effect.startsWith('moves'));
  if (missing.has('fixture')) return undefined;
  // A source names the rest when it places a call; here they only count.
  const fixture: Fixture = { ...exampleFixture(suite.contract), ...target.fixture };
  const count = (effects: readonly Case['effect'][]) =>
    sent
      .filter(({ effect }) => effects.includes(effect))
      .reduce((sum, each) => sum + transfersOf(each, suite, fixture), 0);
  const counts = {
    transfers: count(['moves']),
    bulkTransfers: count(['moves all']),
    refusals: count(['keeps', 'watches']),
  };
  if (Object.values(counts).every((number) => number === 0)) return undefined;
  const { user = '@me', extension = '@self', call, sendTo = [] } = target.fixture;
  const named = !placesCalls ? `call ${call} of User ${user}, extension ${extension}` : 'calls that --calls places';
  return { baseUrl: target.baseUrl, call: named, extension, sendTo, ...counts };
}

function transfersOf(testCase: Case | FuzzCase, { constraints, mediaType }: Suite, fixture: Fixture): number {
  if ('recipes' in testCase) return testCase.batches.reduce((sum, { count }) => sum + count, 0);
  const control = controlTransfer(constraints, mediaType, fixture, fixture.sendTo[0] ?? '');
  return testCase.send(control, fixture).filter(({ method }) => method === 'PUT').length;
}
