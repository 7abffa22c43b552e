import type { Case } from '../cases/case.ts';
import type { Suite } from '../cases/suite.ts';
import type { Check } from '../checks/check.ts';
import { succeeded } from '../checks/success.ts';
import type { WrongAnswer } from '../self-check/wrong-answer.ts';
import { addressOf } from '../target/address.ts';
import type { Exchange } from '../target/exchange.ts';
import { numbersOf } from '../call/readings.ts';

/** A case of a run, with what was sent and received for it. */
export interface RecordedCase {
  readonly testCase: Case;
  readonly exchanges: readonly Exchange[];
}

/** What became of a corruption that changed answers of a run. */
export interface TriedWrongAnswer {
  readonly id: string;
  readonly says: string;
  /** How many exchanges it changed. */
  readonly exchanges: number;
  /** The requirements that the run would then have found broken, and did not without it. */
  readonly caughtBy: readonly string[];
  /** Whether these are recommendations only, so that the run would have warned. */
  readonly warnsOnly: boolean;
  /** Why nothing was found, and what would reach it. */
  readonly reason: string | undefined;
}

/** What a run would have found, had its answers been wrong. Serialisable. */
export interface SelfCheck {
  readonly tried: readonly TriedWrongAnswer[];
  /** The corruptions that no answer of the run gave occasion to, each with what that needs. */
  readonly notApplicable: readonly { readonly id: string; readonly needs: string }[];
}

/** A recorded case, and whether it counts. */
interface Baseline extends RecordedCase {
  readonly violated: ReadonlySet<Check>;
  /** Whether its control was accepted, without which a refusal proves nothing. */
  readonly isProven: boolean;
}

/**
 * Tells what a run would have found, had a faulty server given its answers. Checks look at nothing but exchanges, so that
 * holding the corrupted ones against them is as good as running the cases again, and sends nothing.
 *
 * @param selected - All cases that the run was asked for.
 * @param recorded - Those that were run to their end.
 */
export function checkAgainstWrongAnswers(
  { requirements }: Suite,
  selected: readonly Pick<Case, 'id'>[],
  recorded: readonly RecordedCase[],
  corruptions: readonly WrongAnswer[],
): SelfCheck {
  const baselines = baselinesOf(selected, recorded);
  const must = new Set(requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const tried = corruptions.map((corruption) => ({ corruption, result: tryOn(baselines, corruption, must) }));
  return {
    tried: tried.flatMap(({ result }) => result ?? []),
    notApplicable: tried
      .filter(({ result }) => result === undefined)
      .map(({ corruption: { id, needs } }) => ({ id, needs })),
  };
}

function baselinesOf(selected: readonly Pick<Case, 'id'>[], recorded: readonly RecordedCase[]): Baseline[] {
  const unaccepted = new Set(selected.map(({ id }) => id));
  for (const { testCase, exchanges } of recorded) if (exchanges.every(succeeded)) unaccepted.delete(testCase.id);
  return recorded.map(({ testCase, exchanges }) => ({
    testCase,
    exchanges,
    violated: violatedBy(testCase, exchanges),
    isProven: testCase.control === undefined || !unaccepted.has(testCase.control),
  }));
}

function tryOn(
  baselines: readonly Baseline[],
  { id, says, needs, corrupt }: WrongAnswer,
  must: ReadonlySet<string>,
): TriedWrongAnswer | undefined {
  const touched = baselines.flatMap((baseline) => {
    const changed = baseline.exchanges.map(corrupt);
    const count = changed.filter((exchange) => exchange !== undefined).length;
    return count === 0 ? [] : [{ baseline, count, violated: violatedIn(baseline, changed) }];
  });
  if (touched.length === 0) return undefined;
  const caughtBy = [
    ...new Set(
      touched
        .filter(({ baseline }) => baseline.isProven)
        .flatMap(({ baseline, violated }) => [...violated].filter((check) => !baseline.violated.has(check)))
        .map(({ requirement }) => requirement),
    ),
  ].sort();
  const exchanges = touched.reduce((sum, { count }) => sum + count, 0);
  const warnsOnly = caughtBy.length > 0 && !caughtBy.some((requirement) => must.has(requirement));
  return {
    id,
    says,
    exchanges,
    caughtBy,
    warnsOnly,
    reason: caughtBy.length > 0 ? undefined : reasonOf(needs, touched),
  };
}

/** Why none of the corrupted exchanges led to anything that was not found without them. */
function reasonOf(
  needs: string,
  touched: readonly { readonly baseline: Baseline; readonly violated: ReadonlySet<Check> }[],
): string {
  const found = touched.filter(({ violated }) => violated.size > 0);
  if (found.some(({ baseline }) => baseline.isProven)) {
    const [check] = found.flatMap(({ violated }) => [...violated]);
    return `${check?.requirement} is broken without it too: repair that first`;
  }
  if (found.length > 0)
    return 'the transfer that these refusals differ from was not accepted: name a call that is live';
  return `no check of this run sees it: it takes ${needs}`;
}

function violatedIn({ testCase, exchanges }: Baseline, changed: readonly (Exchange | undefined)[]): Set<Check> {
  const corrupted = exchanges.map((exchange, index) => changed[index] ?? exchange);
  const sameOutcome = corrupted.every((exchange, index) => {
    const before = exchanges[index];
    return before !== undefined && succeeded(before) === succeeded(exchange);
  });
  return violatedBy(testCase, sameOutcome ? corrupted : corrupted.map((exchange) => resent(exchange, corrupted)));
}

function violatedBy({ checks }: Case, exchanges: readonly Exchange[]): Set<Check> {
  return new Set(
    checks.filter(({ applies = () => true, run }) =>
      exchanges.some((exchange) => applies(exchange) && run(exchange).length > 0),
    ),
  );
}

/** An exchange whose readings expect the calls where the transfers that still succeed sent them. */
function resent(exchange: Exchange, exchanges: readonly Exchange[]): Exchange {
  const { request, readings } = exchange;
  if (readings === undefined || request.method !== 'PUT') return exchange;
  const { extension, call = '' } = addressOf(request);
  const others = readings.others.map((other) => ({ ...other, sentTo: numbersOf(other, exchanges) }));
  return { ...exchange, readings: { ...readings, sentTo: numbersOf({ extension, call }, exchanges), others } };
}
