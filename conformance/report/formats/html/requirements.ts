import type { Report, ReportRequirement } from '../../model.ts';
import { counted } from '../../texts.ts';
import { groupName } from '../../totals.ts';
import { casesLink, fragment, html, requirementAnchor, type Markup } from './markup.ts';
import { badge, findSign, signMark, sortTotals } from './outcomes.ts';

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
  return html`<section id="matrix" aria-labelledby="matrix-heading">
    <h2 id="matrix-heading">Requirements at a glance</h2>
    <div class="matrix">${rows}</div>
    <ul class="legend">
      ${legend}
      <li><span class="sign round" aria-hidden="true"></span> round: SHOULD, a recommendation</li>
    </ul>
  </section>`;
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
  const groups = [...Map.groupBy(requirements, ({ id }) => groupName(id))];
  return html`<section id="requirements" aria-labelledby="requirements-heading">
    <h2 id="requirements-heading">Requirements <span class="count">${requirements.length}</span></h2>
    <table class="requirements">
      <caption class="hidden">
        Requirements by their groups, with what became of each
      </caption>
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Requirement</th>
          <th scope="col">Cases</th>
        </tr>
      </thead>
      ${groups.map(
        ([group, rows]) =>
          html`<tbody>
            <tr class="group">
              <th scope="rowgroup" colspan="3">${group}</th>
            </tr>
            ${rows.map((row) => requirementRow(row, contract.source))}
          </tbody>`,
      )}
    </table>
  </section>`;
}

function requirementRow(requirement: ReportRequirement, source: string): Markup {
  const { id, outcome, level, says, reason, cases, at, line, profile } = requirement;
  return html`<tr id="${requirementAnchor(id)}" tabindex="-1">
    <td>${badge(outcome)}</td>
    <th scope="row">
      <code>${id}</code> <span class="level">${level}</span>
      <div class="says">${says}</div>
      ${reason !== undefined && html`<div class="reason">${outcome}: ${reason}</div>`}
      <div class="aside">
        ${profile === 'core' ? '' : `Profile ${profile}. `}Source: ${requirement.source}. Contract:
        <code>${at}</code>${line !== undefined && `, ${source}:${line}`}
      </div>
    </th>
    <td>${cases.length > 0 && casesLink({ requirement: id }, counted(cases.length, 'case'))}</td>
  </tr>`;
}
