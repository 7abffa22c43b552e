import { viewFinding, type DifferenceView, type FindingView } from '../../finding-view.ts';
import type { Report, ReportRequirement } from '../../model.ts';
import { capitalize, counted } from '../../texts.ts';
import { exchangeBlock, violationsTable } from './exchange.ts';
import {
  caseLink,
  contractPlace,
  fact,
  fold,
  html,
  inline,
  inlineList,
  requirementLink,
  section,
  type Markup,
} from './markup.ts';
import { badge, signMark } from './outcomes.ts';

/** The number of findings, of differences of a finding, and of cases of a difference that are shown at once. */
const shownAtOnce = { findings: 3, differences: 3, cases: 8 };

/** Shows the findings with all that is needed to see them and to try again. */
export function findingsSection(report: Report): Markup {
  const views = report.findings.map((finding) => viewFinding(finding, report));
  const blocks = views.map((view, index) => findingBlock(view, index + 1, report));
  const rest = blocks.slice(shownAtOnce.findings);
  const content = html`${views.length === 0 && html`<p>Nothing is broken.</p>`}
  ${views.length > 1 && findingsIndex(views)} ${blocks.slice(0, shownAtOnce.findings)}
  ${rest.length > 0 && fold(counted(rest.length, 'more finding'), rest)}`;
  return section('findings', 'Findings', content, views.length);
}

/** Lists the findings in a few words each, with links to them. */
function findingsIndex(views: readonly FindingView[]): Markup {
  const items = views.map(
    (view, index) =>
      html`<li>
        ${signMark(view.outcome)}
        <div>
          <a href="#finding-${index + 1}">${findingHeading(view)}</a>
          <div class="aside">
            ${view.requirements.length === 1 && [mainDifference(view), ', ']}${view.outcome} in ${view.cases}
          </div>
        </div>
      </li>`,
  );
  return html`<ol class="index">
    ${items}
  </ol>`;
}

/** A finding is headed by its requirement's sentence, or by the difference that several requirements share. */
function findingHeading(view: FindingView): Markup {
  const { requirements } = view;
  if (requirements.length === 1) return html`${requirements[0]?.says}`;
  return html`${mainDifference(view)}: ${requirements.length} requirements are broken alike`;
}

/** Describes the difference that most cases show. */
function mainDifference({ differences }: FindingView): Markup {
  const { at, expected, actual } = differences[0]?.violations[0] ?? { at: '', expected: '', actual: '' };
  return inline(`${at === 'status' ? '' : `${at}: `}${actual} instead of ${expected}`);
}

function findingBlock(view: FindingView, number: number, report: Report): Markup {
  const { outcome, cases, requirements, differences, known } = view;
  const blocks = differences.map((difference) => differenceBlock(difference, report));
  const rest = blocks.slice(shownAtOnce.differences);
  return html`<article class="finding ${outcome}" id="finding-${number}" aria-labelledby="finding-${number}-heading">
    <header>
      ${badge(outcome)} <span class="aside">in ${cases}</span>
      <h3 id="finding-${number}-heading">${findingHeading(view)}</h3>
    </header>
    ${demands(requirements, report)}
    ${known && html`<p class="known-reason">Known${known.until !== undefined && ` until ${known.until}`}: ${known.reason}</p>`}
    ${blocks.slice(0, shownAtOnce.differences)}
    ${rest.length > 0 && fold(counted(rest.length, 'other difference'), rest, 'more')}
  </article>`;
}

/** Several requirements are only named, since what they have in common is the cause. */
function demands(rows: readonly ReportRequirement[], { contract }: Report): Markup {
  const isAlone = rows.length === 1;
  const items = rows.map(
    (row) =>
      html`<li>
        ${requirementLink(row.id)} <span class="level">${row.level}</span> ${!isAlone && row.says}
        <div class="aside">Source: ${row.source}. Contract: ${contractPlace(row, contract)}</div>
      </li>`,
  );
  const list = html`<ul class="demands">
    ${items}
  </ul>`;
  if (isAlone) return list;
  return html`${inlineList(rows.map(({ id }) => requirementLink(id)))} ${fold('What they say', list, 'more')}`;
}

function differenceBlock(view: DifferenceView, report: Report): Markup {
  const { result, exchange, index, violations, left, summary, hint, ids, found, others } = view;
  return html`<section class="difference" aria-label="${result.id}">
    <h4>${caseLink(result.id)} <span>${result.title}</span></h4>
    ${violationsTable(violations, `What ${result.id} breaks`, left)}
    <dl class="facts">
      ${fact('In short', summary && capitalize(summary))} ${fact('Ids', ids)} ${fact('Hint', hint)}
      ${fact('Found', found)} ${fact('Alike', others.length > 0 && alike(others))}
    </dl>
    ${exchange && exchangeBlock(result, index, report)}
  </section>`;
}

function alike(others: readonly string[]): Markup {
  const links = others.map(caseLink);
  const rest = links.slice(shownAtOnce.cases);
  return html`<p>${counted(links.length, 'more case')}</p>
    ${inlineList(links.slice(0, shownAtOnce.cases))}
    ${rest.length > 0 && fold(counted(rest.length, 'other'), inlineList(rest), 'more')}`;
}
