import type { Case } from '../cases/case.ts';
import type { Suite } from '../cases/suite.ts';
import { findViolated, type Check } from '../checks/check.ts';
import { succeeded, type Exchange } from '../target/exchange.ts';
import type { WrongAnswer } from '../self-check/wrong-answer.ts';
import { addressOf } from '../target/address.ts';
import type { SelfCheck } from './result.ts';
import { listNumbers } from '../call/readings.ts';

export interface RecordedCase {
  readonly testCase: Case;
  readonly exchanges: readonly Exchange[];
}

type TriedWrongAnswer = SelfCheck['tried'][number];

/** A recorded case as it was without wrong answers. */
interface Baseline extends RecordedCase {
  readonly violated: ReadonlySet<Check>;
  /** True if its control was accepted; a refusal proves nothing otherwise. */
  readonly isProven: boolean;
}

/**
 * Runs the checks of a run again on its exchanges, once for each wrong answer. Sends nothing: a check depends on the
 * exchange alone, so the result is that of a run against a server that makes the mistake.
 *
 * @param selected - The cases that the run was asked for.
 * @param recorded - The cases that were run to their end.
 */
export function checkAgainstWrongAnswers(
  { requirements }: Suite,
  selected: readonly Pick<Case, 'id'>[],
  recorded: readonly RecordedCase[],
  wrongAnswers: readonly WrongAnswer[],
): SelfCheck {
  const baselines = findBaselines(selected, recorded);
  const must = new Set(requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const tried = wrongAnswers.map((wrongAnswer) => ({ wrongAnswer, result: tryOn(baselines, wrongAnswer, must) }));
  return {
    tried: tried.flatMap(({ result }) => result ?? []),
    notApplicable: tried
      .filter(({ result }) => result === undefined)
      .map(({ wrongAnswer: { id, needs } }) => ({ id, needs })),
  };
}

function findBaselines(selected: readonly Pick<Case, 'id'>[], recorded: readonly RecordedCase[]): Baseline[] {
  const unaccepted = new Set(selected.map(({ id }) => id));
  for (const { testCase, exchanges } of recorded) if (exchanges.every(succeeded)) unaccepted.delete(testCase.id);
  return recorded.map(({ testCase, exchanges }) => ({
    testCase,
    exchanges,
    violated: new Set(findViolated(testCase.checks, exchanges)),
    isProven: testCase.control === undefined || !unaccepted.has(testCase.control),
  }));
}

function tryOn(
  baselines: readonly Baseline[],
  { id, says, needs, change }: WrongAnswer,
  must: ReadonlySet<string>,
): TriedWrongAnswer | undefined {
  const touched = baselines.flatMap((baseline) => {
    const changed = baseline.exchanges.map(change);
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
    reason: caughtBy.length > 0 ? undefined : explain(needs, touched),
  };
}

/** Says why none of the changed exchanges led to a new violation. */
function explain(
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
  const answered = exchanges.map((exchange, index) => changed[index] ?? exchange);
  const sameOutcome = answered.every((exchange, index) => {
    const before = exchanges[index];
    return before !== undefined && succeeded(before) === succeeded(exchange);
  });
  const sent = sameOutcome ? answered : answered.map((exchange) => resent(exchange, answered));
  return new Set(findViolated(testCase.checks, sent));
}

/** Expects the calls where the transfers that still succeed sent them. */
function resent(exchange: Exchange, exchanges: readonly Exchange[]): Exchange {
  const { request, readings } = exchange;
  if (readings === undefined || request.method !== 'PUT') return exchange;
  const { extension, call = '' } = addressOf(request);
  const others = readings.others.map((other) => ({ ...other, sentTo: listNumbers(other, exchanges) }));
  return { ...exchange, readings: { ...readings, sentTo: listNumbers({ extension, call }, exchanges), others } };
}
