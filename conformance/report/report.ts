import { allCases } from '../cases/cases.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements, type Requirement } from '../contract/requirements.ts';
import { groupFindings } from './findings.ts';
import { excuseKnown, outdatedFailures, type KnownList } from './known.ts';
import {
  reportSchemaId,
  reportVersion,
  type CallReading,
  type CaseResult,
  type Exchange,
  type ReceivedResponse,
  type Report,
  type SelfCheck,
} from './model.ts';
import { shorten } from './texts.ts';
import { countEach, exitCodes, judge, type Judgement, type Outcome } from './verdict.ts';

/** The facts of a run, without its outcome. */
export interface RunDescription extends Pick<
  Report,
  'tool' | 'contract' | 'target' | 'settings' | 'duration' | 'remarks'
> {
  /** The lines of the contract's source, by the pointers of its requirements. */
  readonly lines: Readonly<Record<string, number>>;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  /** The wrong answers that the run would have caught, if --self-check asked for them. */
  readonly selfCheck?: Omit<SelfCheck, 'totals'> | undefined;
  /** The parts of the contract, with what the run showed of each; left out where no report shows it. */
  readonly coverage?: Report['coverage'];
}

/**
 * Judges a run, and excuses the failures that are known as of today.
 *
 * @param requirements - All of them, those of other profiles too.
 */
export function judgeRun(
  requirements: readonly Requirement[],
  results: readonly CaseResult[],
  { known, ...judgement }: Judgement & { readonly known: KnownList | undefined },
): Outcome {
  const outcome = judge(requirements, results, judgement);
  if (known === undefined) return outcome;
  const suite = createSuite(readContract(), readRequirements());
  const cases = allCases(suite, {});
  const chosen = suite.requirements.filter(({ profile }) => judgement.profiles.includes(profile)).map(({ id }) => id);
  const run = outcome.cases.map(({ id }) => id);
  const left = cases.filter(({ id, requirement }) => chosen.includes(requirement) && !run.includes(id));
  return excuseKnown(outcome, known, {
    today: new Date().toISOString().slice(0, 10),
    ids: new Set([...suite.requirements, ...cases].map(({ id }) => id)),
    incomplete: new Set(left.flatMap(({ checks }) => checks.map(({ requirement }) => requirement))),
  });
}

export function makeReport(outcome: Outcome, description: RunDescription): Report {
  const { requirements, cases, verdict, known } = outcome;
  const { startedAt, selfCheck, duration, lines, coverage = [], ...rest } = description;
  return {
    $schema: reportSchemaId,
    version: reportVersion,
    verdict,
    exitCode: findExitCode(outcome),
    ...rest,
    startedAt: new Date(startedAt).toISOString(),
    duration: Math.round(duration),
    fuzz: countFuzz(cases),
    selfCheck: selfCheck && { totals: countSelfCheck(selfCheck), ...selfCheck },
    totals: {
      requirements: countEach(requirements.map((result) => result.outcome)),
      cases: countEach(cases.map((result) => result.verdict)),
    },
    findings: groupFindings(outcome),
    known,
    requirements: requirements.map(({ requirement, ...result }) => {
      return { ...requirement, line: lines[requirement.at], ...result };
    }),
    coverage,
    cases: boundExchanges(cases).map((result) => ({ ...result, duration: Math.round(result.duration * 10) / 10 })),
  };
}

/** The room for all answers of a report and for all readings, in bytes of JSON. */
const [roomForAnswers, roomForReadings] = [3_500_000, 2_000_000];
/** The most for one answer, and what is written around a field and around a party. */
const [mostForOne, aroundField, aroundParty] = [16_000, 50, 16];

/** Cuts answers and readings that would make a report too large; those of a usual run stay as they are. */
function boundExchanges(cases: readonly CaseResult[]): CaseResult[] {
  const exchanges = cases.reduce((sum, result) => sum + result.exchanges.length, 1);
  const share = (room: number) => Math.min(mostForOne, Math.floor(room / exchanges));
  const bound = (exchange: Exchange): Exchange => ({
    ...exchange,
    response: exchange.response && boundAnswer(exchange.response, share(roomForAnswers)),
    readings: exchange.readings && boundReadings(exchange.readings, share(roomForReadings)),
  });
  return cases.map((result) => ({ ...result, exchanges: result.exchanges.map(bound) }));
}

/** Keeps the first parties of readings that there is room for: those of the case's own call come first. */
function boundReadings(readings: NonNullable<Exchange['readings']>, room: number): NonNullable<Exchange['readings']> {
  let left = room;
  const bound = (parties: readonly string[]) => {
    const kept = parties.filter((party) => (left -= aroundParty + measureJson(party)) >= 0);
    return kept.length === parties.length ? parties : [...kept, `… ${parties.length - kept.length} more`];
  };
  const one = (reading: CallReading): CallReading => {
    return { ...reading, sources: bound(reading.sources), destinations: bound(reading.destinations) };
  };
  const both = <Pair extends Record<'before' | 'after', CallReading>>(pair: Pair): Pair => {
    return { ...pair, before: one(pair.before), after: one(pair.after) };
  };
  return { ...both(readings), others: readings.others.map(both) };
}

function measureJson(value: string | readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function boundAnswer({ headers, body, ...response }: ReceivedResponse, room: number): ReceivedResponse {
  const fields = Object.entries(headers);
  let length = 0;
  const kept = fields.filter((field) => (length += aroundField + measureJson(field)) <= room / 2);
  const left = fields.length - kept.length;
  const written = measureJson(body.text);
  return {
    ...response,
    headers: left === 0 ? headers : Object.fromEntries([...kept, ['…', `${left} more fields`]]),
    // Control characters are written as six, and others as two or three.
    body: { ...body, text: shorten(body.text, Math.floor((room / 2) * (body.text.length / written))) },
  };
}

/** A list of known failures that is out of date has to be mended, as a violation has. */
function findExitCode({ verdict, known }: Outcome): Report['exitCode'] {
  const isCurrent = verdict === 'nothing verified' || outdatedFailures(known).length === 0;
  return isCurrent ? exitCodes[verdict] : exitCodes['not conforming'];
}

function countFuzz(cases: readonly CaseResult[]): Report['fuzz'] {
  const results = cases.flatMap(({ fuzz }) => fuzz ?? []);
  if (results[0] === undefined) return undefined;
  return { seed: results[0].seed, values: results.reduce((sum, { tried }) => sum + tried, 0) };
}

function countSelfCheck({ tried, notApplicable }: Omit<SelfCheck, 'totals'>): SelfCheck['totals'] {
  const caught = tried.filter(({ caughtBy }) => caughtBy.length > 0).length;
  return {
    tried: tried.length,
    caught,
    warned: tried.filter(({ warnsOnly }) => warnsOnly).length,
    notApplicable: notApplicable.length,
    share: tried.length === 0 ? undefined : caught / tried.length,
  };
}
