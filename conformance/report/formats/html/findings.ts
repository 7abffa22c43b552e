import { countCases } from '../../findings.ts';
import { findHint } from '../../hints.ts';
import type { Difference, Finding, Report, ReportRequirement } from '../../model.ts';
import { fuzzReproduction } from '../../reproduce.ts';
import { findDifferences } from '../../request-differences.ts';
import { counted } from '../../texts.ts';
import { differencesSentence, exchangeBlock, violationsTable } from './exchange.ts';
import { caseLink, fact, html, inlineList, requirementLink, section, type Content, type Markup } from './markup.ts';
import { badge, signMark } from './outcomes.ts';

/** The number of differences of a finding, and of cases of a difference, that are shown at once. */
const shownAtOnce = 3;
const casesAtOnce = 8;

/** Shows the findings with all that is needed to see them and to try again. */
export function findingsSection(report: Report): Markup {
  const { findings } = report;
  const content = html`${findings.length === 0 && html`<p>Nothing is broken.</p>`}
  ${findings.length > 1 && findingsIndex(report)}
  ${findings.map((finding, index) => findingBlock(finding, index + 1, report))}`;
  return section('findings', 'Findings', content, findings.length);
}

/** Lists the findings in a few words each, with links to them. */
function findingsIndex(report: Report): Markup {
  return html`<ol class="index">
    ${report.findings.map(
      (finding, index) =>
        html`<li>
          ${signMark(finding.outcome)}
          <div>
            <a href="#finding-${index + 1}">${findingHeading(finding, report)}</a>
            <div class="aside">
              ${finding.requirements.length === 1 && `${mainDifference(finding)}, `}${finding.outcome} in
              ${counted(countCases(finding), 'case')}
            </div>
          </div>
        </li>`,
    )}
  </ol>`;
}

/** A finding is headed by its requirement's sentence, or by the difference that several requirements share. */
function findingHeading(finding: Finding, report: Report): string {
  const { requirements } = finding;
  if (requirements.length > 1)
    return `${mainDifference(finding)}: ${requirements.length} requirements are broken alike`;
  return report.requirements.find(({ id }) => id === requirements[0])?.says ?? '';
}

/** Describes the difference that most cases show. */
function mainDifference({ differences }: Finding): string {
  const { at, expected, actual } = differences[0]?.example.violations[0] ?? { at: '', expected: '', actual: '' };
  return `${at === 'status' ? '' : `${at}: `}${actual} instead of ${expected}`;
}

function findingBlock(finding: Finding, number: number, report: Report): Markup {
  const { outcome, requirements, differences, known } = finding;
  const rows = report.requirements.filter(({ id }) => requirements.includes(id));
  const blocks = differences.map((difference) => differenceBlock(difference, report));
  const rest = blocks.slice(shownAtOnce);
  return html`<article class="finding ${outcome}" id="finding-${number}" aria-labelledby="finding-${number}-heading">
    <header>
      ${badge(outcome)} <span class="aside">in ${counted(countCases(finding), 'case')}</span>
      <h3 id="finding-${number}-heading">${findingHeading(finding, report)}</h3>
    </header>
    ${demands(rows, report)}
    ${known && html`<p class="known-reason">Known${known.until !== undefined && ` until ${known.until}`}: ${known.reason}</p>`}
    ${blocks.slice(0, shownAtOnce)} ${rest.length > 0 && more(rest, 'other difference', rest.length)}
  </article>`;
}

/** Several requirements are only named, since what they have in common is the cause. */
function demands(rows: readonly ReportRequirement[], report: Report): Markup {
  const list = html`<ul class="demands">
    ${rows.map((row) => demand(row, rows.length > 1, report))}
  </ul>`;
  if (rows.length === 1) return list;
  return html`${inlineList(rows.map(({ id }) => requirementLink(id)))}
    <details class="more">
      <summary>What they say</summary>
      ${list}
    </details>`;
}

function demand(
  { id, level, says, source, at, line }: ReportRequirement,
  isOneOfMany: boolean,
  report: Report,
): Markup {
  return html`<li>
    ${requirementLink(id)} <span class="level">${level}</span> ${isOneOfMany && says}
    <div class="aside">
      Source: ${source}. Contract:
      <code>${at}</code>${line !== undefined && `, ${report.contract.source}:${line}`}
    </div>
  </li>`;
}

function differenceBlock({ cases, example }: Difference, report: Report): Markup {
  const result = report.cases.find(({ id }) => id === example.case);
  const exchange = result?.exchanges[example.exchange];
  if (result === undefined) return html``;
  const changes = findDifferences(result, example.exchange, report);
  const hint = exchange && findHint({ violations: example.violations, exchange, differences: changes });
  const words = differencesSentence(result, example.exchange, changes);
  return html`<section class="difference" aria-label="${example.case}">
    <h4>${caseLink(example.case)} <span>${result.title}</span></h4>
    ${violationsTable(example.violations, `What ${example.case} breaks`)}
    <dl class="facts">
      ${fact('In short', words)} ${fact('Hint', hint)} ${fact('Found', fuzzReproduction(result))}
      ${fact('Alike', cases.length > 1 && alike(cases, example.case))}
    </dl>
    ${exchange && exchangeBlock(exchange, result, report)}
  </section>`;
}

function alike(cases: readonly string[], shown: string): Markup {
  const links = cases.filter((id) => id !== shown).map(caseLink);
  const rest = links.slice(casesAtOnce);
  return html`<p>${counted(links.length, 'more case')}</p>
    ${inlineList(links.slice(0, casesAtOnce))} ${rest.length > 0 && more(inlineList(rest), 'other', rest.length)}`;
}

function more(content: Content, noun: string, count: number): Markup {
  return html`<details class="more">
    <summary>${counted(count, noun)}</summary>
    ${content}
  </details>`;
}
