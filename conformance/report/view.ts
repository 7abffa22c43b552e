import { addressOf } from '../target/address.ts';
import { brokenCases } from './findings.ts';
import { findHint } from './hints.ts';
import type { CaseResult, CaseViolation, Difference, Exchange, Finding, Report } from './model.ts';
import { curlCommand, describeFuzz, isComplete } from './reproduce.ts';
import { findDifferences, summarizeDifferences } from './request-differences.ts';
import { seconds } from './texts.ts';
import { totalsText } from './verdict.ts';

/** A finding as all formats show it. */
export type FindingView = ReturnType<typeof viewFinding>;
/** The case that shows a difference best, with all that a reader needs to see it and to send it again. */
export type DifferenceView = FindingView['differences'][number];
/** An exchange of a case, with its request compared and its command. */
export type ExchangeView = ReturnType<typeof viewExchanges>[number];
/** A violation, and how often it occurs. */
export type AlikeViolations = ReturnType<typeof groupAlike>[number];

const headings: Readonly<Record<Finding['outcome'], string>> = {
  violated: 'VIOLATED',
  warned: 'WARNING',
  known: 'KNOWN',
};

/** Collects what formats show of a finding. */
export function viewFinding({ requirements: ids, ...finding }: Finding, report: Report) {
  const requirements = report.requirements.filter(({ id }) => ids.includes(id));
  const [first, ...others] = requirements;
  const [difference] = finding.differences;
  return {
    outcome: finding.outcome,
    known: finding.known,
    /** In capitals, for formats of plain text. */
    heading: headings[finding.outcome],
    title: others.length === 0 ? `${first?.id} (${first?.level})` : `${requirements.length} requirements alike`,
    /** In the order of the register. */
    requirements,
    /** The requirement that the first example breaks. */
    shown: requirements.find(({ id }) => id === difference?.example.requirement),
    cases: [...new Set(finding.differences.flatMap(({ cases }) => cases))],
    differences: finding.differences.map((one) => viewDifference(one, report)),
  };
}

function viewDifference({ cases, example }: Difference, report: Report) {
  const result = report.cases.find(({ id }) => id === example.case) as CaseResult;
  const { violations } = example;
  const view = viewExchanges(result, report)[example.exchange];
  const checks = result.checks.filter(({ requirement }) => requirement === example.requirement);
  return {
    result,
    exchange: view,
    violations: groupAlike(violations),
    /** The number of violations that the report does not keep. */
    left: checks.reduce((sum, { left = 0 }) => sum + left, 0),
    hint:
      view &&
      findHint({ id: result.id, violations, exchange: view, differences: view.differences, cases: report.cases }),
    /** The origin of the ids in the request, where the violation depends on them. */
    ids: view && dependsOnIds(violations) ? nameIds(view, report) : undefined,
    found: describeFuzz(result),
    cases,
    /** The other cases that differ alike. */
    others: cases.filter((id) => id !== example.case),
  };
}

/** Collects what formats show of the exchanges of a case. */
export function viewExchanges(result: CaseResult, report: Report) {
  const { id, exchanges, checks } = result;
  const violations = checks.flatMap((check) => check.violations);
  return exchanges.map((exchange, index) => {
    const differences = findDifferences(result, index, report.cases);
    const isWhole = isComplete(exchange.request);
    const alone = exchanges.length > 1 ? `this request alone; all ${exchanges.length} with --only '${id}'` : undefined;
    return {
      ...exchange,
      /** Its place among the exchanges of the case; undefined if it is the only one. */
      order: exchanges.length > 1 ? `${index + 1} of ${exchanges.length}` : undefined,
      broken: violations.filter((violation) => (violation.exchange ?? 0) === index).map(({ at }) => at),
      /** The differences between its request and an accepted one, and the same in words. */
      differences,
      summary: summarizeDifferences(result, index, differences),
      /** The command that sends the request again; undefined if the request is not known whole. */
      curl: isWhole ? curlCommand(exchange.request, report.target.origin) : undefined,
      /** The limits of that command, or what to do in its place. */
      again: isWhole ? alone : `the body is too long to show: run the case again with --only '${id}'`,
    };
  });
}

export function groupAlike(violations: readonly CaseViolation[]) {
  const groups = Map.groupBy(violations, ({ at, expected, actual }) => [at, expected, actual].join('\n'));
  return [...groups.values()].map((alike) => ({ ...(alike[0] as CaseViolation), times: alike.length }));
}

/** Tells whether violations depend on the calls that were named: a call did not move or stay, or was not accepted. */
function dependsOnIds(violations: readonly CaseViolation[]): boolean {
  return violations.some(
    ({ at, expected, actual }) =>
      at.startsWith('call') ||
      // What the headers, the body or its number say is refused whatever the ids are.
      (at === 'status' && expected.startsWith('2') && /^4(?!06|1[1-7])(?!.*sendcallto)/.test(actual)),
  );
}

/** Names the ids of a request and of the calls that were read with it, by the option that named them. */
function nameIds({ request, readings }: Exchange, { settings, target }: Report): string | undefined {
  if (target.name === 'The mock') return undefined;
  const { user, extension, call = '' } = addressOf({ ...request, body: undefined });
  const named = new Map(
    Object.entries({ '--other-call': settings.otherCall ?? [], '--foreign-call': settings.foreignCall ?? [] }).flatMap(
      ([flag, texts]) => [texts].flat().map((text) => [text.split('/').at(-1), flag]),
    ),
  );
  const ids = [
    { id: user, noun: 'User', flag: '--user', isNamed: settings.user === user },
    { id: extension, noun: 'extension', flag: '--extension', isNamed: settings.extension === extension },
    { id: call, noun: 'call', flag: '--call', isNamed: settings.call === call },
    ...(readings?.others ?? []).map((other) => {
      const flag = named.get(other.call);
      return { id: other.call, noun: 'other call', flag: flag ?? '--other-call', isNamed: flag !== undefined };
    }),
  ].filter(({ id }) => id !== '' && !id.startsWith('@'));
  const byOrigin = Map.groupBy(ids, ({ flag, isNamed }) => {
    if (isNamed) return `named by ${flag}`;
    return settings.calls === undefined ? 'not named, so examples of the contract' : 'placed by --calls';
  });
  return [...byOrigin]
    .map(([origin, all]) => {
      const flags = [...new Set(all.map(({ flag }) => flag))].join(', ');
      const advice = origin.startsWith('not named') ? `, which ${flags} replace` : '';
      return `${all.map(({ noun, id }) => `${noun} ${id}`).join(', ')}: ${origin}${advice}`;
    })
    .join('; ');
}

/** Returns the facts about a run that formats show at their beginning, by their names. */
export function listFacts(report: Report): (readonly [name: string, text: string])[] {
  const { target, contract, tool, settings, fuzz, startedAt, duration, cases, totals, remarks } = report;
  const known = [...brokenCases(report).values()].filter((outcome) => outcome === 'known').length;
  const run = [startedAt, seconds(duration), `${tool.name} ${tool.version}`, `profiles ${settings.profile.join(', ')}`];
  return [
    ['target', target.name],
    ['contract', `${contract.title} ${contract.version}, sha256 ${contract.sha256}`],
    ['run', run.join(', ')],
    ['shard', settings.shard?.replace('/', ' of ') ?? ''],
    ['cases', `${cases.length}; ${totalsText(totals.cases)}${known === 0 ? '' : `; ${known} of them known to fail`}`],
    ['fuzz', fuzz === undefined ? '' : `${fuzz.values} values, seed ${fuzz.seed}`],
    ...remarks.map((remark) => ['remark', remark] as const),
  ].filter((fact): fact is [string, string] => fact[1] !== '');
}
