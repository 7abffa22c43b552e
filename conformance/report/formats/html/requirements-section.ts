import { groupOf } from '../../groups.ts';
import type { Report, ReportRequirement } from '../../report.ts';
import { html, type Markup } from './markup.ts';
import { badge, counted } from './outcomes.ts';
import { casesLink, requirementAnchor } from './places.ts';

/** Every requirement, with its sentence, where it comes from, and what became of it. */
export function requirementsSection({ requirements, contract }: Report): Markup {
  const groups = [...Map.groupBy(requirements, ({ id }) => groupOf(id))];
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
