import type { CaseResult, CheckResult, Report } from '../../model.ts';
import { groupAlike } from '../../finding-view.ts';
import { findDifferences, summarizeDifferences } from '../../request-differences.ts';
import { capitalize, counted } from '../../texts.ts';
import { groupName } from '../../verdict.ts';
import { exchangeBlock, milliseconds, violationsTable } from './exchange.ts';
import { caseAnchor, caseLink, fold, html, requirementLink, section, type Markup } from './markup.ts';
import { badge, findSign, outcomeOrder, sortTotals } from './outcomes.ts';

/** Shows every case as a row that opens; its content is kept as data until then. */
export function casesSection({ cases, totals, requirements }: Report): Markup {
  const places = new Map(requirements.map(({ id }, index) => [id, index]));
  const groups = [...new Set(cases.map(({ id }) => groupName(id)))];
  const rows = cases.toSorted((one, other) => rank(one) - rank(other)).map((result) => caseRow(result, places));
  const content = html`<noscript
      ><p>To search here, and to open a case, scripts must be allowed; report.json has everything too.</p></noscript
    >
    <form role="search" aria-label="Cases" class="filter" hidden>
      <label class="search">
        Search
        <input name="q" type="search" autocomplete="off" spellcheck="false" placeholder="id, title, answer" />
      </label>
      <label>
        Group
        <select name="group">
          <option value="">all</option>
          ${groups.map((group) => html`<option>${group}</option>`)}
        </select>
      </label>
      <fieldset>
        <legend class="hidden">Outcome</legend>
        ${sortTotals(totals.cases).map(([outcome, count]) => outcomeBox(outcome, count))}
      </fieldset>
      <input name="requirement" type="hidden" />
      <button type="reset">Show all</button>
      <p role="status" aria-live="polite" class="aside"></p>
    </form>
    <ol class="cases">
      ${rows}
    </ol>`;
  return section('cases', 'Cases', fold('All cases, with what was sent and received', content), cases.length);
}

/** Returns the content of each case as HTML, by its anchor. */
export function caseContents(report: Report): Record<string, string> {
  return Object.fromEntries(report.cases.map((result) => [caseAnchor(result.id), caseContent(result, report).text]));
}

function rank({ verdict }: CaseResult): number {
  return outcomeOrder.indexOf(verdict);
}

function outcomeBox(outcome: string, count: number): Markup {
  return html`<label class="chip ${findSign(outcome).tone}">
    <input type="checkbox" name="outcome" value="${outcome}" />
    <span aria-hidden="true">${findSign(outcome).sign}</span> ${outcome} <span class="times">${count}</span>
  </label>`;
}

/** @param places - The places of requirements in their table, which are shorter than their ids. */
function caseRow(result: CaseResult, places: ReadonlyMap<string, number>): Markup {
  const { id, title, verdict, answers, duration, checks, requirement } = result;
  const about = new Set([requirement, ...checks.map((check) => check.requirement)].map((one) => places.get(one)));
  return html`<li data-outcome="${verdict}" data-group="${groupName(id)}" data-about="${[...about].join(' ')}">
    <details id="${caseAnchor(id)}">
      <summary>
        ${badge(verdict)}
        <span class="name"><code>${id}</code> <span>${title}</span></span>
        <span class="aside">${answers.join(', ')}</span>
        <span class="aside number">${milliseconds(duration)}</span>
      </summary>
    </details>
  </li>`;
}

function caseContent(result: CaseResult, report: Report): Markup {
  const { requirement, reason, control, checks, exchanges } = result;
  const violations = checks.flatMap((check) => check.violations);
  const words = summarizeDifferences(result, 0, findDifferences(result, 0, report));
  return html`<div class="content">
    <p>About ${requirementLink(requirement)}. ${reason}</p>
    ${words !== undefined && html`<p>${capitalize(words)}. ${control !== undefined && html`See ${caseLink(control)}.`}</p>`}
    ${violations.length > 0 && violationsTable(groupAlike(violations), `What ${result.id} breaks`)}
    ${exchanges.map(
      (_, index) =>
        html`${exchanges.length > 1 && html`<h4>Exchange ${index + 1} of ${exchanges.length}</h4>`}
        ${exchangeBlock(result, index, report)}`,
    )}
    ${fold(
      counted(checks.length, 'check'),
      html`<ul class="checks">
        ${checks.map(checkItem)}
      </ul>`,
      'more',
    )}
  </div>`;
}

function checkItem({ check, outcome, requirement }: CheckResult): Markup {
  return html`<li>${badge(outcome)} ${check} ${requirementLink(requirement)}</li>`;
}
