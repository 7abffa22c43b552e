import type { Log, Result, Run } from 'sarif';
import type { Report, ReportRequirement } from '../model.ts';
import { excuseText, violationText } from '../texts.ts';
import { groupName } from '../verdict.ts';
import { viewFinding, type DifferenceView, type ExchangeView, type FindingView } from '../view.ts';

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
  const { tool, settings, startedAt, duration, exitCode, verdict, cases, contract } = report;
  const rules = report.requirements.filter(({ outcome }) => outcome !== 'excluded');
  const errors = cases.filter((result) => result.verdict === 'error');
  const views = report.findings.map((finding) => viewFinding(finding, report));
  return {
    tool: {
      driver: {
        name: tool.name,
        semanticVersion: tool.version,
        rules: rules.map(({ id, level, says, source, at, line = 1 }) => ({
          id,
          shortDescription: { text: says },
          help: { text: `${says}\n\nLevel: ${level}. Source: ${source}. Contract: ${at}` },
          ...(contract.url === undefined ? {} : { helpUri: `${contract.url}#L${line}` }),
          defaultConfiguration: { level: level === 'MUST' ? 'error' : 'warning' },
          properties: { tags: ['conformance', groupName(id)], level, source, contract: at },
        })),
      },
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
    // What counts and what is known of a requirement are a result each, whatever breaks it.
    results: rules.flatMap((rule, ruleIndex) => {
      const about = views.filter(({ requirements }) => requirements.includes(rule));
      const groups = [...Map.groupBy(about, ({ known }) => known !== undefined)].toSorted(([one]) => (one ? 1 : -1));
      return groups.map(([, some]) => ({ ...makeResult(rule, some, report), ruleIndex }));
    }),
  };
}

function makeResult(requirement: ReportRequirement, views: readonly FindingView[], report: Report): Result {
  const { id, level, says, at, line = 1 } = requirement;
  const [{ outcome, known }] = views as [FindingView];
  const differences = views.flatMap((view) => view.differences);
  const cases = findCases(differences, id, report);
  const text = [says, ...differences.map((one) => describeDifference(one, findCases([one], id, report)))].join('\n');
  return {
    ruleId: id,
    level: outcome === 'violated' || level === 'MUST' ? 'error' : 'warning',
    message: { text: withoutLinks(text) },
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
      suppressions: views.map((view) => ({
        kind: 'external',
        status: 'accepted',
        justification: view.known && excuseText(view.known),
      })),
    }),
    ...describeExchange(differences[0]?.exchange, report),
    properties: { cases },
  };
}

/** Returns the cases of some differences that check a requirement. */
function findCases(differences: readonly DifferenceView[], requirement: string, report: Report): string[] {
  const alike = new Set(differences.flatMap(({ cases }) => cases));
  return report.cases
    .filter(({ id, checks }) => alike.has(id) && checks.some((check) => check.requirement === requirement))
    .map(({ id }) => id);
}

function describeDifference({ violations: [violation] }: DifferenceView, cases: readonly string[]): string {
  const shown = cases.slice(0, 3).join(', ');
  const count = cases.length > 3 ? `${cases.length} cases, ${shown} for example` : shown;
  return `${violation === undefined ? '' : violationText(violation)} (${count})`;
}

function describeExchange(exchange: ExchangeView | undefined, { target }: Report): Partial<Result> {
  if (exchange === undefined) return {};
  const { request, response, curl } = exchange;
  return {
    webRequest: {
      method: request.method,
      target: `${target.origin}${request.path}`,
      headers: { ...request.headers },
      ...(request.body === undefined ? {} : { body: { text: request.body } }),
      ...(curl === undefined ? {} : { properties: { curl } }),
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
