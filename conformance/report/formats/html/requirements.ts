import type { CoverageItem, Report, ReportRequirement } from '../../model.ts';
import { counted } from '../../texts.ts';
import { countEach, groupName } from '../../verdict.ts';
import {
  casesLink,
  contractPlace,
  fold,
  fragment,
  html,
  requirementAnchor,
  section,
  table,
  type Markup,
} from './markup.ts';
import { badge, bar, findSign, signMark, sortTotals } from './outcomes.ts';

/** Shows every requirement as a cell, by its group; a cell links to its requirement. */
export function matrixSection({ requirements, totals }: Report): Markup {
  const groups = [...Map.groupBy(requirements, ({ id }) => groupName(id))];
  const rows = groups.map(
    ([group, rowsOfGroup]) =>
      html`<div class="matrix-row">
        <h3 id="matrix-${group}">${group}</h3>
        <ul class="cells" aria-labelledby="matrix-${group}">
          ${rowsOfGroup.map(cell)}
        </ul>
      </div>`,
  );
  const legend = sortTotals(totals.requirements).map(
    ([outcome, count]) => html`<li>${signMark(outcome)} ${outcome} <span class="aside">${count}</span></li>`,
  );
  return section(
    'matrix',
    'Requirements at a glance',
    html`<div class="matrix">${rows}</div>
      <ul class="legend">
        ${legend}
        <li><span class="sign round" aria-hidden="true"></span> round: SHOULD, a recommendation</li>
      </ul>`,
  );
}

function cell({ id, outcome, level, says }: ReportRequirement): Markup {
  const { tone, sign } = findSign(outcome);
  const name = `${id}, ${level}: ${outcome}`;
  return html`<li>
    <a
      class="cell ${tone}${level === 'SHOULD' && ' round'}"
      href="#${fragment(requirementAnchor(id))}"
      title="${name}. ${says}"
    >
      <span aria-hidden="true">${sign}</span><span class="hidden">${name}</span>
    </a>
  </li>`;
}

/** Shows every requirement with its sentence, its sources and its outcome. */
export function requirementsSection({ requirements, contract }: Report): Markup {
  const bodies = [...Map.groupBy(requirements, ({ id }) => groupName(id))].map(
    ([group, rows]) =>
      html`<tr class="group">
          <th scope="rowgroup" colspan="3">${group}</th>
        </tr>
        ${rows.map((row) => requirementRow(row, contract))}`,
  );
  const caption = 'Requirements by their groups, with what became of each';
  const content = table(['Outcome', 'Requirement', 'Cases'], bodies, caption, { name: 'requirements' });
  const summary = 'All requirements, with their sentences and sources';
  return section('requirements', 'Requirements', fold(summary, content), requirements.length);
}

function requirementRow(requirement: ReportRequirement, contract: Report['contract']): Markup {
  const { id, outcome, level, says, reason, cases, profile } = requirement;
  return html`<tr id="${requirementAnchor(id)}" tabindex="-1">
    <td>${badge(outcome)}</td>
    <th scope="row">
      <code>${id}</code> <span class="level">${level}</span>
      <div class="says">${says}</div>
      ${reason !== undefined && html`<div class="reason">${outcome}: ${reason}</div>`}
      <div class="aside">
        ${profile === 'core' ? '' : `Profile ${profile}. `}Source: ${requirement.source}. Contract:
        ${contractPlace(requirement, contract)}
      </div>
    </th>
    <td>${cases.length > 0 && casesLink({ requirement: id }, counted(cases.length, 'case'))}</td>
  </tr>`;
}

type CoverageKind = CoverageItem['kind'];

const nouns: Readonly<Record<CoverageKind, string>> = {
  status: 'Statuses',
  code: 'Error codes',
  parameter: 'Parameters',
  property: 'Properties',
  'media type': 'Media types',
  constraint: 'Constraints',
};

/** Shows the parts of the contract by their kind, with whether the run reached them. */
export function coverageSection({ coverage }: Report): Markup {
  const kinds = [...Map.groupBy(coverage, ({ kind }) => kind)].toSorted(([one], [other]) => rank(one) - rank(other));
  return section(
    'coverage',
    'Coverage of the contract',
    html`<p class="aside coverage-note">
        A part is met where the run reached it and nothing was wrong. A request reaches a constraint by breaking it, and
        its refusal meets it; an answer reaches a constraint by having a value that it is about.
      </p>
      ${kinds.map(([kind, items]) => kindBlock(kind, items))}`,
  );
}

function rank(kind: CoverageKind): number {
  return Object.keys(nouns).indexOf(kind);
}

function kindBlock(kind: CoverageKind, items: readonly CoverageItem[]): Markup {
  const totals = countEach(items.map(({ outcome }) => outcome));
  const owners = [...Map.groupBy(items, ({ of }) => of)];
  const words = sortTotals(totals).map(([outcome, count]) => `${count} ${outcome}`);
  return html`<details class="coverage">
    <summary>
      <span class="kind">${nouns[kind]}</span>
      ${bar(totals)}
      <span class="aside">${words.join(', ')}</span>
    </summary>
    ${table(['Of', nouns[kind]], [owners.map(ownerRow)], `${nouns[kind]} of the contract, and whether the run reached them`)}
  </details>`;
}

function ownerRow([owner, parts]: [string, CoverageItem[]]): Markup {
  return html`<tr>
    <th scope="row">${owner}</th>
    <td>
      <ul class="chips">
        ${parts.map(chip)}
      </ul>
    </td>
  </tr>`;
}

function chip({ name, at, outcome, exchanges }: CoverageItem): Markup {
  const often = exchanges === 0 ? '' : `, in ${counted(exchanges, 'exchange')}`;
  return html`<li class="chip ${findSign(outcome).tone}" title="${outcome}${often}. ${at}">
    <span aria-hidden="true">${findSign(outcome).sign}</span> <code>${name}</code>
    <span class="hidden">${outcome}${often}</span>
    ${exchanges > 0 && html`<span class="times" aria-hidden="true">${exchanges}</span>`}
  </li>`;
}
