import { addressOf } from '../target/address.ts';
import { brokenCases, countCases, findingHeadings } from './findings.ts';
import { findHint } from './hints.ts';
import type { CaseResult, CaseViolation, Difference, Exchange, Finding, Report, ReportRequirement } from './model.ts';
import { curlCommand, fuzzReproduction, isComplete } from './reproduce.ts';
import { findDifferences, summarizeDifferences, type RequestDifference } from './request-differences.ts';
import { counted, seconds } from './texts.ts';
import { totalsText } from './verdict.ts';

/** A finding as all formats show it. */
export interface FindingView {
  readonly outcome: Finding['outcome'];
  /** In capitals, for formats of plain text. */
  readonly heading: string;
  /** The id and level of its requirement, or the number of them. */
  readonly title: string;
  /** The requirements that it breaks, in the order of the register. */
  readonly requirements: readonly ReportRequirement[];
  /** The requirement that the example of its first difference breaks. */
  readonly shown: ReportRequirement | undefined;
  /** The number of its cases, in words. */
  readonly cases: string;
  /** The known failure that covers it. */
  readonly known: Finding['known'];
  readonly differences: readonly DifferenceView[];
}

/** The case that shows a difference best, with all that a reader needs to see it and to send it again. */
export interface DifferenceView {
  readonly result: CaseResult;
  readonly exchange: Exchange | undefined;
  /** The place of the exchange among those of the case. */
  readonly index: number;
  readonly violations: readonly AlikeViolations[];
  /** The number of violations that the report does not keep. */
  readonly left: number;
  /** The differences between its request and an accepted one. */
  readonly changes: readonly RequestDifference[];
  /** The same in words, such as "a valid transfer, but without a body". */
  readonly summary: string | undefined;
  readonly hint: string | undefined;
  /** The origin of the ids in the request, where the violation depends on them. */
  readonly ids: string | undefined;
  /** The way in which the value was generated, and how to generate it again. */
  readonly found: string | undefined;
  /** The other cases that differ alike. */
  readonly others: readonly string[];
  /** The command that sends the request again; undefined if the request is not known whole. */
  readonly curl: string | undefined;
  /** The limits of that command, or what to do in its place. */
  readonly again: string | undefined;
}

/** A violation, and how often it occurs. */
export interface AlikeViolations extends CaseViolation {
  readonly times: number;
}

/** Collects what formats show of a finding. */
export function viewFinding(finding: Finding, report: Report): FindingView {
  const { outcome, differences, known } = finding;
  const requirements = report.requirements.filter(({ id }) => finding.requirements.includes(id));
  const [first] = requirements;
  const isAlone = requirements.length === 1;
  return {
    outcome,
    heading: findingHeadings[outcome],
    title: isAlone ? `${first?.id} (${first?.level})` : `${requirements.length} requirements alike`,
    requirements,
    shown: requirements.find(({ id }) => id === differences[0]?.example.requirement),
    cases: counted(countCases(finding), 'case'),
    known,
    differences: differences.map((difference) => viewDifference(difference, report)),
  };
}

function viewDifference({ cases, example }: Difference, report: Report): DifferenceView {
  const index = example.exchange;
  const result = report.cases.find(({ id }) => id === example.case) as CaseResult;
  const exchange = result.exchanges[index];
  const { violations } = example;
  const changes = findDifferences(result, index, report);
  return {
    result,
    exchange,
    index,
    violations: groupAlike(violations),
    left: result.checks.reduce(
      (sum, check) => sum + ((check.requirement === example.requirement && check.left) || 0),
      0,
    ),
    changes,
    summary: summarizeDifferences(result, index, changes),
    hint: exchange && findHint({ violations, exchange, differences: changes, cases: report.cases }),
    ids: exchange && dependsOnIds(violations) ? nameIds(exchange, report) : undefined,
    found: fuzzReproduction(result),
    others: cases.filter((id) => id !== example.case),
    ...viewReproduction(result, exchange, report),
  };
}

function viewReproduction(
  { id, exchanges }: CaseResult,
  exchange: Exchange | undefined,
  { target }: Report,
): Pick<DifferenceView, 'curl' | 'again'> {
  if (exchange === undefined) return { curl: undefined, again: undefined };
  const only = `--only '${id}'`;
  if (!isComplete(exchange.request)) {
    return { curl: undefined, again: `the body is too long to show: run the case again with ${only}` };
  }
  // One of several requests may not show what all of them do.
  const others = exchanges.length > 1 ? `this request alone; all ${exchanges.length} with ${only}` : undefined;
  return { curl: curlCommand(exchange.request, target.origin), again: others };
}

/** Groups violations that say the same. */
export function groupAlike(violations: readonly CaseViolation[]): AlikeViolations[] {
  const groups = Map.groupBy(violations, ({ at, expected, actual }) => [at, expected, actual].join('\n'));
  return [...groups.values()].map((alike) => ({ ...(alike[0] as CaseViolation), times: alike.length }));
}

/** Tells whether violations depend on the calls that were named: a call did not move or stay, or was not accepted. */
function dependsOnIds(violations: readonly CaseViolation[]): boolean {
  return violations.some(
    ({ at, expected, actual }) =>
      at.startsWith('call') || (at === 'status' && expected.startsWith('2') && actual.startsWith('4')),
  );
}

/** Names the ids of a request and of the calls that were read with it, by the option that named them. */
function nameIds({ request, readings }: Exchange, { settings, target }: Report): string | undefined {
  if (target.name === 'The mock') return undefined;
  const { user, extension, call = '' } = addressOf({ ...request, body: undefined });
  const others = readings?.others.map((other) => other.call) ?? [];
  const named = settings.otherCall?.map((text) => text.split('/').at(-1)) ?? [];
  const ids = [
    { id: user, noun: 'User', flag: '--user', isNamed: settings.user === user },
    { id: extension, noun: 'extension', flag: '--extension', isNamed: settings.extension === extension },
    { id: call, noun: 'call', flag: '--call', isNamed: settings.call === call },
    ...others.map((id) => ({ id, noun: 'other call', flag: '--other-call', isNamed: named.includes(id) })),
  ].filter(({ id }) => id !== '' && !id.startsWith('@'));
  const otherwise = settings.calls === undefined ? 'not named, so examples of the contract' : 'placed by --calls';
  const byOrigin = Map.groupBy(ids, ({ flag, isNamed }) => (isNamed ? `named by ${flag}` : otherwise));
  return [...byOrigin]
    .map(([origin, all]) => {
      const flags =
        origin === otherwise && settings.calls === undefined ? [...new Set(all.map(({ flag }) => flag))] : [];
      const advice = flags.length === 0 ? '' : `, which ${flags.join(', ')} replace`;
      return `${all.map(({ noun, id }) => `${noun} ${id}`).join(', ')}: ${origin}${advice}`;
    })
    .join('; ');
}

/** Returns the facts about a run that formats show at their beginning, by their names. */
export function listFacts(report: Report): [name: string, text: string][] {
  const { target, contract, tool, settings, fuzz, startedAt, duration, cases, totals, remarks } = report;
  const known = [...brokenCases(report).values()].filter((outcome) => outcome === 'known').length;
  const knownText = known === 0 ? '' : `; ${known} of them known to fail`;
  return [
    ['target', target.name],
    ['contract', `${contract.title} ${contract.version}, sha256 ${contract.sha256}`],
    [
      'run',
      `${startedAt}, ${seconds(duration)}, ${tool.name} ${tool.version}, profiles ${settings.profile.join(', ')}`,
    ],
    ...(settings.shard === undefined ? [] : [['shard', settings.shard.replace('/', ' of ')] as [string, string]]),
    ['cases', `${cases.length}; ${totalsText(totals.cases)}${knownText}`],
    ...(fuzz === undefined ? [] : [['fuzz', `${fuzz.values} values, seed ${fuzz.seed}`] as [string, string]]),
    ...remarks.map((remark): [string, string] => ['remark', remark]),
  ];
}
