import type { CaseResult, CoverageItem, Report, ReportRequirement } from '../../model.ts';
import { capitalize, counted } from '../../texts.ts';
import { countEach, groupName } from '../../verdict.ts';
import { viewFinding, type DifferenceView, type FindingView } from '../../view.ts';
import { exchangeBlock, milliseconds, violationsTable } from './case.ts';
import {
  badge,
  byImportance,
  escapeExactly,
  factList,
  findSign,
  fold,
  fragment,
  html,
  inline,
  linkTo,
  list,
  section,
  sortTotals,
  table,
  type Markup,
} from './markup.ts';

/** The number of findings that are open at first, and of differences of a finding. */
const shownAtOnce = { findings: 3, differences: 3 };

/** Shows the findings with all that is needed to see them and to try again. */
export function findingsSection(report: Report): Markup {
  const blocks = report.findings.map((finding, index) => findingBlock(viewFinding(finding, report), index, report));
  const content = blocks.length === 0 ? html`<p>Nothing is broken.</p>` : blocks;
  return section('findings', 'Findings', content, blocks.length);
}

function findingBlock(view: FindingView, index: number, report: Report): Markup {
  const { outcome, cases, requirements, differences, known } = view;
  const blocks = differences.map(differenceBlock);
  const rest = blocks.slice(shownAtOnce.differences);
  return html`<details class="finding ${outcome}" ${index < shownAtOnce.findings && 'open'}>
    <summary>
      ${badge(outcome)} <span class="aside">in ${counted(cases.length, 'case')}</span>
      <h3>${findingHeading(view)}</h3>
    </summary>
    ${demands(requirements, report)}
    ${known && html`<p class="known-reason">Known${known.until !== undefined && ` until ${known.until}`}: ${known.reason}</p>`}
    ${blocks.slice(0, shownAtOnce.differences)}
    ${rest.length > 0 && fold(counted(rest.length, 'other difference'), rest, 'more')}
  </details>`;
}

/** A finding is headed by its requirement's sentence, or by the difference that several requirements share. */
function findingHeading({ requirements, differences }: FindingView): Markup {
  const [requirement, ...others] = requirements;
  if (others.length === 0) return html`${requirement?.says}`;
  const { at, expected, actual } = differences[0]?.violations[0] ?? { at: '', expected: '', actual: '' };
  const difference = inline(`${at === 'status' ? '' : `${at}: `}${actual} instead of ${expected}`);
  return html`${difference}: ${requirements.length} requirements are broken alike`;
}

/** Names requirements with their sources; of several, whose cause is what they have in common, the sentences are folded. */
function demands(rows: readonly ReportRequirement[], { contract }: Report): Markup {
  const isAlone = rows.length === 1;
  const items = rows.map(
    (row) =>
      html`${linkTo('requirement', row.id)} <span class="level">${row.level}</span> ${!isAlone && row.says}
        <div class="aside">${sources(row, contract)}</div>`,
  );
  const all = list('demands', items);
  return isAlone ? all : fold(rows.map(({ id }) => id).join(', '), all, 'more');
}

/** Names what demands a requirement, and links to its line of the contract where the repository is known. */
function sources({ source, at, line }: ReportRequirement, { source: file, url }: Report['contract']): Markup {
  const place = url === undefined ? `${file}:${line}` : html`<a href="${url}#L${line ?? 1}">${file}:${line}</a>`;
  return html`Source: ${source}. Contract: <code>${at}</code>${line !== undefined && [', ', place]}`;
}

function differenceBlock({ result, exchange, violations, left, hint, ids, found, others }: DifferenceView): Markup {
  const links = others.map((id) => linkTo('case', id));
  const alike = fold(counted(links.length, 'more case'), list('inline', links), 'more');
  const facts = [
    ['In short', exchange?.summary && capitalize(exchange.summary)],
    ['Ids', ids],
    ['Hint', hint],
    ['Found', found],
    ['Alike', links.length > 0 && alike],
  ] as const;
  return html`<section class="difference" aria-label="${result.id}">
    <h4>${linkTo('case', result.id)} <span>${result.title}</span></h4>
    ${violationsTable(violations, `What ${result.id} breaks`, left)} ${factList(facts)}
    ${exchange && exchangeBlock(exchange)}
  </section>`;
}

/** Shows every requirement twice: as a cell at a glance, and with its sentence, its sources and its outcome. */
export function requirementsSection({ requirements, contract }: Report): Markup {
  const groups = [...Map.groupBy(requirements, ({ id }) => groupName(id))];
  const cells = groups.map(
    ([group, members]) =>
      html`<div class="matrix-row">
        <h3 id="matrix-${group}">${group}</h3>
        <ul class="cells" aria-labelledby="matrix-${group}">
          ${members.map(cell)}
        </ul>
      </div>`,
  );
  const rows = groups.map(
    ([group, members]) =>
      html`<tr class="group">
          <th scope="rowgroup" colspan="3">${group}</th>
        </tr>
        ${members.map((row) => requirementRow(row, contract))}`,
  );
  const caption = 'Requirements by their groups, with what became of each';
  const all = table(['Outcome', 'Requirement', 'Cases'], rows, caption, 'requirements');
  return section(
    'requirements',
    'Requirements',
    html`<div class="matrix">${cells}</div>
      <p class="aside">Those that are round are recommendations (SHOULD).</p>
      ${fold('All requirements, with their sentences and sources', all)}`,
    requirements.length,
  );
}

function cell({ id, outcome, level, says }: ReportRequirement): Markup {
  const { tone, sign } = findSign(outcome);
  const name = `${id}, ${level}: ${outcome}`;
  const shape = level === 'SHOULD' ? 'cell round' : 'cell';
  return html`<li>
    <a class="${shape} ${tone}" href="#${fragment(`requirement/${id}`)}" title="${name}. ${says}">
      ${sign}<span class="hidden">${name}</span>
    </a>
  </li>`;
}

function requirementRow(requirement: ReportRequirement, contract: Report['contract']): Markup {
  const { id, outcome, level, says, reason, cases, profile } = requirement;
  const filter = escapeExactly(new URLSearchParams({ requirement: id }).toString());
  return html`<tr id="requirement/${id}" tabindex="-1">
    <td>${badge(outcome)}</td>
    <th scope="row">
      <code>${id}</code> <span class="level">${level}</span>
      <div class="says">${says}</div>
      ${reason !== undefined && html`<div class="reason">${outcome}: ${reason}</div>`}
      <div class="aside">${profile !== 'core' && `Profile ${profile}. `}${sources(requirement, contract)}</div>
    </th>
    <td>${cases.length > 0 && html`<a href="#cases?${filter}">${counted(cases.length, 'case')}</a>`}</td>
  </tr>`;
}

/** Shows the parts of the contract by their kind, with whether the run reached them. */
export function coverageSection({ coverage }: Report): Markup {
  const kinds = [...Map.groupBy(coverage, ({ kind }) => kind)].map(([kind, items]) => {
    const totals = sortTotals(countEach(items.map(({ outcome }) => outcome)));
    const rows = [...Map.groupBy(items, ({ of }) => of)].map(
      ([owner, parts]) =>
        html`<tr>
          <th scope="row">${owner}</th>
          <td>
            <ul class="chips">
              ${parts.map(chip)}
            </ul>
          </td>
        </tr>`,
    );
    const caption = `The ${kind} parts of the contract, and whether the run reached them`;
    const counts = totals.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    const summary = html`${capitalize(kind)} <span class="aside">${counts}</span>`;
    return fold(summary, table(['Of', capitalize(kind)], rows, caption), 'coverage more');
  });
  return section(
    'coverage',
    'Coverage of the contract',
    html`<p class="aside">
        A part of a request is judged by the requirements about it, which reach a constraint by breaking it. A part of
        an answer is met where an answer had it and nothing was wrong there.
      </p>
      ${kinds}`,
  );
}

function chip({ name, at, outcome, exchanges }: CoverageItem): Markup {
  const { tone, sign } = findSign(outcome);
  const word = `${outcome}${exchanges === 0 ? '' : `, in ${counted(exchanges, 'exchange')}`}`;
  return html`<li class="chip ${tone}" title="${word}. ${at}">
    ${sign} <code>${name}</code> <span class="hidden">${word}</span>
  </li>`;
}

/** Shows every case as a row that opens; its content is kept as data until then. */
export function casesSection({ cases, totals, requirements }: Report): Markup {
  const places = new Map(requirements.map(({ id }, index) => [id, index]));
  const groups = [...new Set(cases.map(({ id }) => groupName(id)))];
  const sorted = cases.toSorted((one, other) => byImportance(one.verdict, other.verdict));
  const boxes = sortTotals(totals.cases).map(([outcome, count]) => {
    const { tone, sign } = findSign(outcome);
    return html`<label class="chip ${tone}">
      <input type="checkbox" name="outcome" value="${outcome}" />
      ${sign} ${outcome} <span class="times">${count}</span>
    </label>`;
  });
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
        ${boxes}
      </fieldset>
      <input name="requirement" type="hidden" />
      <button type="reset">Show all</button>
      <p role="status" aria-live="polite" class="aside"></p>
    </form>
    <ol class="cases">
      ${sorted.map((result) => caseRow(result, places))}
    </ol>`;
  return section('cases', 'Cases', fold('All cases, with what was sent and received', content), cases.length);
}

/** @param places - The places of requirements in their table, which are shorter than their ids. */
function caseRow(result: CaseResult, places: ReadonlyMap<string, number>): Markup {
  const { id, title, verdict, answers, duration, checks, requirement } = result;
  const about = new Set([requirement, ...checks.map((check) => check.requirement)].map((one) => places.get(one)));
  return html`<li data-outcome="${verdict}" data-group="${groupName(id)}" data-about="${[...about].join(' ')}">
    <details id="case/${id}">
      <summary>
        ${badge(verdict)}
        <span class="name"><code>${id}</code> <span>${title}</span></span>
        <span class="aside">${answers.join(', ')}</span>
        <span class="aside number">${milliseconds(duration)}</span>
      </summary>
    </details>
  </li>`;
}
