import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { Difference, Finding, Report, ReportRequirement } from '../model.ts';
import { curlCommand } from '../reproduce.ts';
import { excuseText, violationText } from '../texts.ts';
import { groupName } from '../verdict.ts';

/** The findings about one requirement: either those that count, or those that are known. */
interface Broken {
  readonly requirement: ReportRequirement;
  readonly findings: readonly Finding[];
}

/** Writes the report for code scanning, in SARIF 2.1.0: a rule for each requirement, a result for each broken one. */
export function sarifReport(report: Report): string {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [makeRun(report)],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function makeRun(report: Report): Run {
  const { tool, settings, startedAt, duration, exitCode, verdict, cases } = report;
  const rules = report.requirements.filter(({ outcome }) => outcome !== 'excluded');
  const errors = cases.filter((result) => result.verdict === 'error');
  return {
    tool: {
      driver: { name: tool.name, semanticVersion: tool.version, rules: rules.map((rule) => makeRule(rule, report)) },
    },
    automationDetails: { id: `conformance/${settings.profile.join('+')}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: verdict !== 'nothing verified',
        exitCode,
        exitCodeDescription: verdict,
        startTimeUtc: startedAt,
        endTimeUtc: new Date(Date.parse(startedAt) + duration).toISOString(),
        toolExecutionNotifications: errors.map(({ id, reason }) => ({
          level: 'error',
          message: { text: withoutLinks(`Error of the suite in ${id}: ${reason}`) },
        })),
      },
    ],
    results: rules.flatMap((requirement, index) =>
      splitFindings(requirement, report).map((broken) => ({ ...makeResult(broken, report), ruleIndex: index })),
    ),
  };
}

function makeRule(
  { id, level, says, source, at, line = 1 }: ReportRequirement,
  { contract }: Report,
): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: says },
    help: { text: `${says}\n\nLevel: ${level}. Source: ${source}. Contract: ${at}` },
    ...(contract.url === undefined ? {} : { helpUri: `${contract.url}#L${line}` }),
    defaultConfiguration: { level: level === 'MUST' ? 'error' : 'warning' },
    properties: { tags: ['conformance', groupName(id)], level, source, contract: at },
  };
}

function splitFindings(requirement: ReportRequirement, { findings }: Report): Broken[] {
  const about = findings.filter(({ requirements }) => requirements.includes(requirement.id));
  const counted = about.filter(({ known }) => known === undefined);
  const known = about.filter((finding) => finding.known !== undefined);
  return [counted, known].filter(({ length }) => length > 0).map((some) => ({ requirement, findings: some }));
}

function makeResult({ requirement, findings }: Broken, report: Report): Result {
  const { id, says, at, line = 1 } = requirement;
  const [{ outcome, known }] = findings as [Finding];
  const differences = findings.flatMap((finding) => finding.differences);
  const level = requirement.level === 'MUST' ? 'error' : 'warning';
  const message = [says, ...differences.map((difference) => differenceLine(difference, id, report))].join('\n');
  return {
    ruleId: id,
    level: outcome === 'violated' ? 'error' : level,
    message: { text: withoutLinks(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: report.contract.source, uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
        logicalLocations: [{ fullyQualifiedName: at }],
      },
    ],
    // A broken requirement stays one alert, however it is broken.
    partialFingerprints: { 'requirement/v1': known === undefined ? id : `${id} known` },
    ...(known && {
      suppressions: findings.map((finding) => ({
        kind: 'external',
        status: 'accepted',
        justification: finding.known && excuseText(finding.known),
      })),
    }),
    ...findEvidence(differences[0], report),
    properties: { cases: findCases(differences, id, report) },
  };
}

function differenceLine(difference: Difference, requirement: string, report: Report): string {
  const [violation] = difference.example.violations;
  const cases = findCases([difference], requirement, report);
  const shown = cases.slice(0, 3).join(', ');
  const count = cases.length > 3 ? `${cases.length} cases, ${shown} for example` : shown;
  return `${violation === undefined ? '' : violationText(violation)} (${count})`;
}

/** Returns the cases of some differences that check a requirement. */
function findCases(differences: readonly Difference[], requirement: string, { cases }: Report): string[] {
  const alike = new Set(differences.flatMap((difference) => difference.cases));
  return cases
    .filter(({ id, checks }) => alike.has(id) && checks.some((check) => check.requirement === requirement))
    .map(({ id }) => id);
}

/** Returns the request and the answer that show a difference. */
function findEvidence(difference: Difference | undefined, { cases, target }: Report): Partial<Result> {
  const result = cases.find(({ id }) => id === difference?.example.case);
  const exchange = result?.exchanges[difference?.example.exchange ?? 0];
  if (exchange === undefined) return {};
  const { method, path, headers, body } = exchange.request;
  const { response } = exchange;
  return {
    webRequest: {
      method,
      target: `${target.origin}${path}`,
      headers: { ...headers },
      ...(body === undefined ? {} : { body: { text: body } }),
      properties: { curl: curlCommand(exchange.request, target.origin) },
    },
    ...(response && {
      webResponse: {
        statusCode: response.status,
        headers: { ...response.headers },
        body: { text: response.body.text },
      },
    }),
  };
}

/** Separates brackets from parentheses: readers of SARIF make a link of them. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}
