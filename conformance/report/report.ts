import type { Requirement } from '../contract/requirements.ts';
import type { Surface } from '../contract/surface.ts';
import type { SelfCheck } from '../run/self-check.ts';
import type { CaseResult } from '../run/result.ts';
import { coverageOf, type CoverageItem } from './coverage.ts';
import type { Finding } from './findings.ts';
import { findingsOf } from './findings.ts';
import { outdatedFailures, type KnownResults } from './known-failures.ts';
import { fuzzTotals, type FuzzTotals } from './fuzz.ts';
import { selfCheckTotals, type SelfCheckTotals } from './self-check.ts';
import { exitCodes, type Outcome, type RequirementOutcome, type Verdict } from './verdict.ts';

/** The version of the report's form. It grows by one when a member is taken away or changes its meaning. */
export const reportVersion = 2;

/** What the schema of the report's form is called; it is in report.schema.json. */
export const reportSchema = `urn:transfer-contract:report:${reportVersion}` as const;

/** What is to be said of a run beside its outcome. */
export interface RunDescription {
  readonly tool: { readonly name: string; readonly version: string };
  readonly contract: ContractDescription;
  /** The lines of the contract's source, by the pointers of its requirements. */
  readonly lines: Readonly<Record<string, number>>;
  /** What the target is called, and what stands before the path of every request. */
  readonly target: { readonly name: string; readonly origin: string };
  readonly settings: RunSettings;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds. */
  readonly duration: number;
  /** What is to be said of the run, but not of the target: which calls could not be ended. */
  readonly remarks: readonly string[];
  /** What the run would have found in wrong answers, if that was asked for. */
  readonly selfCheck?: SelfCheck | undefined;
  /** What the contract offers to be reached by the run's profiles. */
  readonly surface?: Surface | undefined;
}

/** The contract that a target was held against. */
export interface ContractDescription {
  readonly title: string;
  readonly version: string;
  /** Of the bundled document's bytes. */
  readonly sha256: string;
  /** The path of its source, from the root of the repository. */
  readonly source: string;
}

/** How a run was configured: nothing of it is secret. */
export interface RunSettings {
  readonly profiles: readonly string[];
  readonly only: readonly string[];
  readonly strict: boolean;
  /** Which part of the cases was run, if they were split over several processes. */
  readonly shard?: ShardSetting | undefined;
  /** How many requests were under way at once. */
  readonly concurrency: number;
  /** In milliseconds. */
  readonly timeout: number;
  /** In milliseconds. */
  readonly effectTimeout: number;
  /** How many requests went out in a second at most. */
  readonly rate?: number | undefined;
  /** Whether nothing was sent that a right server would let move a call. */
  readonly readOnly?: boolean | undefined;
}

/** A part of a run's cases: its number, from 1, and how many parts there were. */
export interface ShardSetting {
  readonly index: number;
  readonly count: number;
}

/** A requirement, and what became of it. */
export interface ReportRequirement extends Requirement {
  readonly outcome: RequirementOutcome;
  /** The line of the contract's source that it is about. */
  readonly line: number | undefined;
  /** Why it is unreached, not applicable, excluded or known to be broken. */
  readonly reason: string | undefined;
  /** The ids of the cases that prove it. */
  readonly cases: readonly string[];
}

/** How many there are of each outcome or verdict; those that do not occur are left out. */
export type Totals = Readonly<Record<string, number>>;

/** Everything that is known of a run. All reports are made of this, and report.json is this. Free of secrets. */
export interface Report extends Omit<RunDescription, 'startedAt' | 'selfCheck' | 'lines' | 'surface'> {
  readonly $schema: typeof reportSchema;
  readonly version: typeof reportVersion;
  readonly verdict: Verdict;
  /** That of the verdict; 1 too if a list of known failures is not up to date. */
  readonly exitCode: number;
  /** As RFC 3339 has it, in UTC. */
  readonly startedAt: string;
  /** The seed of generated values, and how many there were. */
  readonly fuzz: FuzzTotals | undefined;
  readonly selfCheck: (SelfCheck & { readonly totals: SelfCheckTotals }) | undefined;
  readonly totals: { readonly requirements: Totals; readonly cases: Totals };
  /** What is broken, each cause once, the most important first. */
  readonly findings: readonly Finding[];
  /** What became of the failures that are known, if a list of them was given. */
  readonly known: KnownResults | undefined;
  readonly requirements: readonly ReportRequirement[];
  /** The parts of the contract, and which of them the run came across. */
  readonly coverage: readonly CoverageItem[];
  readonly cases: readonly CaseResult[];
}

/** Puts together what is known of a run. */
export function reportOf(outcome: Outcome, description: RunDescription): Report {
  const { requirements, cases, verdict, known } = outcome;
  const { startedAt, selfCheck, duration, lines, surface, ...rest } = description;
  const judged = requirements.map(({ requirement }) => requirement);
  return {
    $schema: reportSchema,
    version: reportVersion,
    verdict,
    exitCode: exitCodeOf(outcome),
    ...rest,
    startedAt: new Date(startedAt).toISOString(),
    duration: Math.round(duration),
    fuzz: fuzzTotals(cases),
    selfCheck: selfCheck && { totals: selfCheckTotals(selfCheck), ...selfCheck },
    totals: {
      requirements: totalsOf(requirements.map((result) => result.outcome)),
      cases: totalsOf(cases.map((result) => result.verdict)),
    },
    findings: findingsOf(outcome),
    known,
    requirements: requirements.map(({ requirement, ...result }) => {
      return { ...requirement, line: lines[requirement.at], ...result };
    }),
    coverage: surface === undefined ? [] : coverageOf(surface, judged, cases),
    cases: cases.map((result) => ({ ...result, duration: Math.round(result.duration * 10) / 10 })),
  };
}

/** A list of known failures that is not up to date is to be mended, as a violation is. */
function exitCodeOf({ verdict, known }: Outcome): number {
  const isMended = verdict === 'nothing verified' || outdatedFailures(known).length === 0;
  return isMended ? exitCodes[verdict] : exitCodes['not conforming'];
}

function totalsOf(words: readonly string[]): Totals {
  return Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}
