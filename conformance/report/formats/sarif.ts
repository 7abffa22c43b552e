import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { CaseResult } from '../../run/result.ts';
import { curlOf } from '../curl.ts';
import type { Difference, Finding } from '../findings.ts';
import { groupOf } from '../groups.ts';
import type { Report, ReportRequirement } from '../report.ts';

/** What is broken of one requirement, and whether it is known. */
interface Broken {
  readonly requirement: ReportRequirement;
  readonly findings: readonly Finding[];
}

/** The report for code scanning, in SARIF 2.1.0: a rule for each requirement, a result for each that is broken. */
export function sarifReport(report: Report): string {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(report)],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function runOf(report: Report): Run {
  const { tool, settings, startedAt, duration, exitCode, verdict, cases } = report;
  const rules = report.requirements.filter(({ outcome }) => outcome !== 'excluded');
  const errors = cases.filter((result) => result.verdict === 'error');
  return {
    tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: rules.map(ruleOf) } },
    automationDetails: { id: `conformance/${settings.profiles.join('+')}/` },
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
          message: { text: plain(`Error of the suite in ${id}: ${reason}`) },
        })),
      },
    ],
    results: rules.flatMap((requirement, index) =>
      brokenBy(requirement, report).map((broken) => ({ ...resultOf(broken, report), ruleIndex: index })),
    ),
  };
}

function ruleOf({ id, level, says, source, at }: ReportRequirement): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: says },
    help: { text: `${says}\n\nLevel: ${level}. Source: ${source}. Contract: ${at}` },
    defaultConfiguration: { level: level === 'MUST' ? 'error' : 'warning' },
    properties: { tags: ['conformance', groupOf(id)], level, source, contract: at },
  };
}

/** What is broken of a requirement and counts, and what is known. */
function brokenBy(requirement: ReportRequirement, { findings }: Report): Broken[] {
  const about = findings.filter(({ requirements }) => requirements.includes(requirement.id));
  const counted = about.filter(({ known }) => known === undefined);
  const known = about.filter((finding) => finding.known !== undefined);
  return [counted, known].filter(({ length }) => length > 0).map((some) => ({ requirement, findings: some }));
}

function resultOf({ requirement, findings }: Broken, report: Report): Result {
  const { id, says, at, line = 1 } = requirement;
  const [{ outcome, known }] = findings as [Finding];
  const differences = findings.flatMap((finding) => finding.differences);
  const level = requirement.level === 'MUST' ? 'error' : 'warning';
  const message = [says, ...differences.map((difference) => differenceLine(difference, id, report))].join('\n');
  return {
    ruleId: id,
    level: outcome === 'violated' ? 'error' : level,
    message: { text: plain(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: report.contract.source, uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
        logicalLocations: [{ fullyQualifiedName: at }],
      },
    ],
    // What is broken of a requirement stays one alert, however it is broken.
    partialFingerprints: { 'requirement/v1': known === undefined ? id : `${id} known` },
    ...(known && {
      suppressions: findings.map((finding) => ({
        kind: 'external',
        status: 'accepted',
        justification: excuseOf(finding.known),
      })),
    }),
    ...evidenceOf(differences[0], report),
    properties: {
      cases: casesOf(differences, id, report),
      faultCodes: [...new Set(findings.flatMap((finding) => finding.faultCodes))].toSorted((one, other) => one - other),
    },
  };
}

function excuseOf(known: Finding['known']): string {
  return `${known?.reason}${known?.until === undefined ? '' : ` (until ${known.until})`}`;
}

function differenceLine(difference: Difference, requirement: string, report: Report): string {
  const [violation] = difference.example.violations;
  const cases = casesOf([difference], requirement, report);
  const shown = cases.slice(0, 3).join(', ');
  const count = cases.length > 3 ? `${cases.length} cases, ${shown} for example` : shown;
  return `${violation?.at}: expected ${violation?.expected}, came ${violation?.actual} (${count})`;
}

/** The cases of differences that are about one of their requirements. */
function casesOf(differences: readonly Difference[], requirement: string, { cases }: Report): string[] {
  const alike = new Set(differences.flatMap((difference) => difference.cases));
  return cases
    .filter(({ id, checks }) => alike.has(id) && checks.some((check) => check.requirement === requirement))
    .map(({ id }) => id);
}

/** The request and the answer that show a difference. */
function evidenceOf(difference: Difference | undefined, { cases, target }: Report): Partial<Result> {
  const result = cases.find(({ id }) => id === difference?.example.case) as CaseResult | undefined;
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
      properties: { curl: curlOf(exchange.request, target.origin) },
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

/** A text in which no part is taken for a link: readers of SARIF make one of a word in brackets before one in parentheses. */
function plain(text: string): string {
  return text.replaceAll('](', '] (');
}
